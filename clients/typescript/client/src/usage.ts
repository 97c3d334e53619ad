import { type Client, idempotencyKey } from "./client.ts";
import { isProblem, type Problem } from "./problem.ts";
import type { components } from "./schema.ts";

type Schemas = components["schemas"];
/** A usage event, as the API takes it. */
export type UsageEvent = Schemas["UsageEvent"];
/** A usage event before it has an id and a time. */
export type NewUsageEvent = Omit<UsageEvent, "id" | "timestamp"> &
  Partial<Pick<UsageEvent, "id" | "timestamp">>;

/** A usage event that waits to be sent. */
export interface QueuedEvent {
  /** The organization that the event belongs to. */
  orgId: string;
  event: UsageEvent;
}

/** An event that the service will never count. */
export interface RejectedEvent extends QueuedEvent {
  /**
   * The reason: the event's status `conflict`, `too_old` or `invalid`, or the code of the problem if the
   * service rejected the request, such as `org_not_found`.
   */
  reason: string;
}

/** Stores events until the service has counted them. */
export interface UsageQueue {
  /** Returns the events that an earlier process stored and did not send. Called once, before other methods. */
  open(): Promise<QueuedEvent[]>;
  /** Stores events. They must be durable when the promise resolves. */
  add(events: QueuedEvent[]): Promise<void>;
  /** Removes events, by organization and id. */
  remove(events: QueuedEvent[]): Promise<void>;
  close(): Promise<void>;
}

/** The settings of a recorder. */
export interface UsageRecorderOptions {
  /** A client whose token has the scope `usage:write`. */
  client: Client;
  /** Called for each event that the service will never count. Log it: the event is removed from the queue. */
  onRejected: (event: RejectedEvent) => void;
  /** Called when a request failed. The events stay in the queue, and the recorder sends them again. */
  onError?: (error: unknown) => void;
  /** Stores events across restarts. The default keeps them in memory. */
  queue?: UsageQueue;
  /** The number of waiting events at which the recorder sends at once: 1 to 500. The default is 200. */
  batchSize?: number;
  /** The longest time that an event waits before it is sent, in milliseconds. The default is 5,000. */
  intervalMilliseconds?: number;
  /** The largest number of waiting events. `record` throws `UsageQueueFullError` above it. The default is 100,000. */
  capacity?: number;
}

/** The error of `record` if too many events wait. The event is not stored. */
export class UsageQueueFullError extends Error {
  override readonly name = "UsageQueueFullError";
}

/** The error of `close` if events are left. With a durable queue, the next process sends them. */
export class UnsentUsageError extends Error {
  override readonly name = "UnsentUsageError";
  readonly events: QueuedEvent[];

  constructor(events: QueuedEvent[]) {
    super(`${events.length} usage events were not sent`);
    this.events = events;
  }
}

const EVENTS_PER_REQUEST_MAX = 500;
const BACKOFF_MILLISECONDS_MAX = 60_000;

/** A retry can succeed: there was no response, or the problem can go away. */
const isTemporary = (error: unknown): boolean =>
  !isProblem(error) || [401, 403, 408, 429].includes(error.status) || error.status >= 500;

/**
 * Records usage in batches. Each event counts once, because it gets its id and time in `record` and keeps
 * them in each retry. Call `close` before the process ends.
 */
export class UsageRecorder {
  readonly #options: UsageRecorderOptions;
  readonly #batchSize: number;
  readonly #interval: number;
  readonly #capacity: number;
  /** The events that wait, in the order in which they are sent. */
  #waiting: QueuedEvent[] = [];
  /** The number of events that no request has contained yet. */
  #fresh = 0;
  #adding = 0;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #opening: Promise<void> | undefined;
  #sending: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: UsageRecorderOptions) {
    this.#options = options;
    this.#batchSize = Math.min(Math.max(options.batchSize ?? 200, 1), EVENTS_PER_REQUEST_MAX);
    this.#interval = options.intervalMilliseconds ?? 5_000;
    this.#capacity = options.capacity ?? 100_000;
  }

  /** The number of events that wait to be sent. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Loads the events that an earlier process left in the queue. `record` does it too. */
  open(): Promise<void> {
    this.#opening ??= (async () => {
      this.#waiting.unshift(...((await this.#options.queue?.open()) ?? []));
      this.#schedule();
    })();
    return this.#opening;
  }

  /**
   * Queues an event and returns its id. When the promise resolves, the event is in the queue: in memory, or
   * on the disk with a durable queue.
   *
   * Give the event an `id` that is made from what happened, such as a run and a sequence number, if your own
   * code may call `record` twice for it.
   */
  async record(orgId: string, usage: NewUsageEvent): Promise<string> {
    if (this.#isClosed) throw new Error("the usage recorder is closed");
    const event: UsageEvent = {
      ...usage,
      id: usage.id ?? idempotencyKey(),
      timestamp: usage.timestamp ?? new Date().toISOString(),
    };
    await this.open();
    if (this.#waiting.length + this.#adding >= this.#capacity)
      throw new UsageQueueFullError(`${this.#capacity} usage events are waiting`);
    const queued = { orgId, event };
    this.#adding++;
    try {
      await this.#options.queue?.add([queued]);
    } finally {
      this.#adding--;
    }
    this.#waiting.push(queued);
    this.#fresh++;
    this.#schedule();
    return event.id;
  }

  /** Sends the waiting events now, each at most once. Events that fail stay in the queue. */
  async flush(): Promise<void> {
    await this.open();
    while (this.#sending) await this.#sending;
    this.#sending = this.#sendAll().finally(() => {
      this.#sending = undefined;
      this.#schedule();
    });
    await this.#sending;
  }

  /**
   * Sends the waiting events and closes the recorder. It tries for at most `timeoutMilliseconds`, and throws
   * `UnsentUsageError` if events are left.
   */
  async close(timeoutMilliseconds = 10_000): Promise<void> {
    this.#isClosed = true;
    const end = Date.now() + timeoutMilliseconds;
    do {
      await this.flush();
      if (this.#waiting.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, Math.min(this.#wait(), end - Date.now())));
    } while (Date.now() < end);
    clearTimeout(this.#timer);
    await this.#options.queue?.close();
    if (this.#waiting.length > 0) throw new UnsentUsageError(this.#waiting);
  }

  /** The time until the next attempt, in milliseconds. */
  #wait(): number {
    if (this.#failures === 0) return this.#interval;
    const backoff = 1_000 * 2 ** (this.#failures - 1) * (0.5 + Math.random() / 2);
    return Math.min(backoff, BACKOFF_MILLISECONDS_MAX);
  }

  #schedule(): void {
    if (this.#isClosed || this.#sending || this.#waiting.length === 0) return;
    const isFull = this.#fresh >= this.#batchSize && this.#failures === 0;
    if (this.#timer !== undefined && !isFull) return;
    clearTimeout(this.#timer);
    // The timer keeps a Node.js process alive until its events are sent.
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        void this.flush();
      },
      isFull ? 0 : this.#wait(),
    );
  }

  async #sendAll(): Promise<void> {
    this.#fresh = 0;
    const byOrg = new Map<string, QueuedEvent[]>();
    for (const queued of this.#waiting) {
      const same = byOrg.get(queued.orgId) ?? [];
      same.push(queued);
      byOrg.set(queued.orgId, same);
    }
    let hasFailed = false;
    for (const [orgId, queued] of byOrg) {
      for (let start = 0; start < queued.length; start += EVENTS_PER_REQUEST_MAX) {
        const part = queued.slice(start, start + EVENTS_PER_REQUEST_MAX);
        try {
          await this.#send(orgId, part);
        } catch (error) {
          hasFailed = true;
          this.#options.onError?.(error);
          // The other batches of this organization would fail in the same way.
          break;
        }
      }
    }
    this.#failures = hasFailed ? this.#failures + 1 : 0;
  }

  /** Sends the events of one organization, and removes those that need no other attempt. */
  async #send(org_id: string, events: QueuedEvent[]): Promise<void> {
    const results = await this.#options.client
      .post("/v1/orgs/{org_id}/usage/events", {
        params: { path: { org_id } },
        body: { events: events.map(({ event }) => event) },
      })
      .then(
        ({ results }) => results.map(({ status }) => status),
        (error: unknown) => {
          if (isTemporary(error)) throw error;
          const { code } = error as { code: Problem["code"] };
          return events.map(() => code);
        },
      );
    // The clock of this machine is ahead, so an event `in_future` is sent again later.
    const done = events.filter((_, index) => results[index] !== "in_future");
    await this.#options.queue?.remove(done);
    const removed = new Set(done);
    this.#waiting = this.#waiting.filter((queued) => !removed.has(queued));
    events.forEach((queued, index) => {
      const reason = results[index] ?? "invalid";
      if (!["accepted", "duplicate", "in_future"].includes(reason))
        this.#options.onRejected({ ...queued, reason });
    });
  }
}
