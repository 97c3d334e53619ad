import { type Client, idempotencyKey } from "./client.ts";
import { isProblem, ProblemError } from "./problem.ts";
import { DELAY_MILLISECONDS_MAX, pause } from "./retry.ts";
import type { components } from "./schema.ts";

type Schemas = components["schemas"];
/** A usage event, as the API takes it. */
export type UsageEvent = Schemas["UsageEvent"];
/**
 * A usage event to record. Without an id and a time it gets both. An id of your own needs the time
 * at which the usage happened, because the service compares both when the event is sent again.
 */
export type NewUsageEvent = Omit<UsageEvent, "id" | "timestamp"> &
  ({ id: string; timestamp: string } | { id?: undefined; timestamp?: string });

/** A usage event that waits to be sent. */
export interface QueuedEvent {
  /** The organization that the event belongs to. */
  orgId: string;
  event: UsageEvent;
}

/** An event that the service will never count. */
export interface RejectedEvent extends QueuedEvent {
  /**
   * The reason: the event's status `voided`, `conflict`, `too_many_kinds`, `too_old`, `in_future` (by
   * more than a day) or `invalid`, or the code of the problem with which the service rejected the event alone, such
   * as `org_not_found`.
   */
  reason: string;
}

/** Stores events until the service has counted them. */
export interface UsageQueue {
  /**
   * Returns the events that earlier processes stored and did not send. Called before other methods.
   */
  open(): Promise<QueuedEvent[]>;
  /** Stores events. They must be durable when the promise resolves. */
  add(events: QueuedEvent[]): Promise<void>;
  /** Removes events: the same objects that `open` returned or `add` got. */
  remove(events: QueuedEvent[]): Promise<void>;
}

/** The settings of a recorder. */
export interface UsageRecorderOptions {
  /** A client whose token has the scope `usage:write`. */
  client: Client;
  /**
   * Called for each event that the service will never count. Log it: the event is removed from the
   * queue.
   */
  onRejected: (event: RejectedEvent) => void;
  /**
   * Called when a request or the queue failed. The events wait, and the recorder sends them again.
   */
  onError?: (error: unknown) => void;
  /** Stores events across restarts. The default keeps them in memory. */
  queue?: UsageQueue;
  /**
   * The number of waiting events of an organization at which they are sent at once: 1 to 500. The
   * default is 200.
   */
  batchSize?: number;
  /**
   * The longest time that an event waits before it is sent, in milliseconds. The default is 5,000.
   */
  intervalMilliseconds?: number;
  /**
   * The largest number of waiting events. `record` throws `UsageQueueFullError` above it. The
   * default is 100,000.
   */
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
/** The recorder tries again after this time even if `Retry-After` is longer. */
const RETRY_AFTER_MILLISECONDS_MAX = 3_600_000;
const DAY_MILLISECONDS = 86_400_000;
/**
 * The service rejects older events, also with the scope `usage:backfill`. Until then, an organization
 * may appear, or a setting may be corrected.
 */
const EVENT_AGE_DAYS_MAX = 35;
/** The codes with which the service rejects a body that it will never accept. */
const REJECTED_BODY = [
  "malformed_json",
  "body_too_large",
  "unsupported_media_type",
  "validation_failed",
];

/** The waiting events of one organization. */
interface Lane {
  orgId: string;
  events: QueuedEvent[];
  /** The number of attempts since the last one that left nothing to repeat. */
  failures: number;
  /** The time of the next attempt, in milliseconds since 1970. */
  dueAt: number;
  /** What is being sent. `left` resolves to the number of its events that must be repeated. */
  sending?: { events: QueuedEvent[]; left: Promise<number> };
}

/**
 * Records usage in batches. Each event counts once, because it gets its id and time in `record` and
 * keeps them in each attempt. Call `close` before the process ends.
 */
export class UsageRecorder {
  readonly #options: UsageRecorderOptions;
  readonly #batchSize: number;
  readonly #interval: number;
  readonly #capacity: number;
  readonly #lanes = new Map<string, Lane>();
  /** The events that `record` is storing. */
  readonly #adding = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #waiting = 0;
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
    return this.#waiting;
  }

  /** Loads the events that earlier processes left in the queue. `record` does it too. */
  open(): Promise<void> {
    this.#opening ??= (async () => {
      const events = (await this.#options.queue?.open()) ?? [];
      for (const queued of events) this.#push(queued);
      this.#schedule();
    })().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /**
   * Queues an event and returns its id. When the promise resolves, the event is in the queue: in
   * memory, or on the disk with a durable queue. If it rejects, repeat the call with the same id
   * and time.
   */
  async record(orgId: string, usage: NewUsageEvent): Promise<string> {
    if (this.#isClosed) throw new Error("the usage recorder is closed");
    if (["", ".", ".."].includes(orgId)) throw new TypeError(`\`${orgId}\` is no organization`);
    const event: UsageEvent = {
      ...usage,
      id: usage.id ?? idempotencyKey(),
      timestamp: usage.timestamp ?? new Date().toISOString(),
    };
    await this.open();
    if (this.#waiting + this.#adding.size >= this.#capacity)
      throw new UsageQueueFullError(`${this.#capacity} usage events are waiting`);
    const queued = { orgId, event };
    const added = Promise.resolve(this.#options.queue?.add([queued]));
    this.#adding.add(added);
    try {
      await added;
    } finally {
      this.#adding.delete(added);
    }
    this.#push(queued);
    this.#schedule();
    return event.id;
  }

  /**
   * Sends the waiting events of one organization, or of all, now and at most once. Events that fail
   * stay in the queue, and are sent again later. Returns the number of events that were sent and
   * must be repeated.
   */
  async flush(orgId?: string): Promise<number> {
    await this.open();
    if (orgId === undefined) return this.#send([...this.#lanes.keys()]);
    const left = await this.#sendLane(orgId);
    this.#schedule();
    return left;
  }

  /**
   * Sends the waiting events and closes the recorder. It tries for at most `timeoutMilliseconds`,
   * and throws `UnsentUsageError` if events are left.
   */
  async close(timeoutMilliseconds = 10_000): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const deadline = setTimeout(
      () => this.#closing.abort(),
      Math.min(timeoutMilliseconds, DELAY_MILLISECONDS_MAX),
    );
    try {
      await this.open();
      await Promise.allSettled(this.#adding);
      await this.#send([...this.#lanes.keys()]);
      while (this.#waiting > 0 && !this.#closing.signal.aborted) {
        await pause(this.#untilDue(), this.#closing.signal).catch(() => undefined);
        await this.#send(this.#due(), true);
      }
    } finally {
      clearTimeout(deadline);
    }
    const left = Array.from(this.#lanes.values(), ({ events }) => events).flat();
    if (left.length > 0) throw new UnsentUsageError(left);
  }

  #push(queued: QueuedEvent): void {
    const now = Date.now();
    const lane = this.#lanes.get(queued.orgId) ?? {
      orgId: queued.orgId,
      events: [],
      failures: 0,
      dueAt: now + this.#interval,
    };
    this.#lanes.set(queued.orgId, lane);
    lane.events.push(queued);
    this.#waiting++;
    if (lane.events.length >= this.#batchSize && lane.failures === 0) lane.dueAt = now;
  }

  /**
   * Sets the timer for the next attempt. It keeps a Node.js process alive until its events are
   * sent.
   */
  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed || this.#sending || this.#lanes.size === 0) return;
    this.#timer = setTimeout(() => void this.#send(this.#due(), true), this.#untilDue());
  }

  /** Returns the organizations whose next attempt is due. */
  #due(): string[] {
    const now = Date.now();
    const lanes = [...this.#lanes.values()].filter(({ dueAt }) => dueAt <= now);
    return lanes.map(({ orgId }) => orgId);
  }

  /** Returns the time until the next attempt, in milliseconds. */
  #untilDue(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const { dueAt } of this.#lanes.values()) due = Math.min(due, dueAt);
    return Math.min(Math.max(due - Date.now(), 0), DELAY_MILLISECONDS_MAX);
  }

  /**
   * Sends the events of organizations, one after the other. Returns the number of events that must
   * be repeated. With `onlyDue`, it sends nothing of an organization before its next attempt is due.
   * Never rejects.
   */
  async #send(orgIds: string[], onlyDue = false): Promise<number> {
    while (this.#sending) await this.#sending;
    let left = 0;
    this.#sending = (async () => {
      for (const orgId of orgIds) {
        if (this.#closing.signal.aborted) return;
        left += await this.#sendLane(orgId, onlyDue);
      }
    })().finally(() => {
      this.#sending = undefined;
      this.#schedule();
    });
    await this.#sending;
    return left;
  }

  /**
   * Sends the waiting events of an organization, after those that are being sent. Returns the number
   * of events that must be repeated. Never rejects.
   */
  async #sendLane(orgId: string, onlyDue = false): Promise<number> {
    let lane = this.#lanes.get(orgId);
    const last = lane?.events.at(-1);
    while (lane?.sending) {
      const { events, left } = lane.sending;
      // Events are sent in their order, so this request has all of them.
      if (last && events.includes(last)) return left;
      await left;
      lane = this.#lanes.get(orgId);
    }
    if (!lane || (onlyDue && lane.dueAt > Date.now())) return 0;
    const current = lane;
    const events = [...current.events];
    const left = this.#sendEvents(current, events).finally(() => {
      current.sending = undefined;
    });
    current.sending = { events, left };
    return left;
  }

  async #sendEvents(lane: Lane, events: QueuedEvent[]): Promise<number> {
    let wait: number | null = null;
    try {
      for (let start = 0; start < events.length; start += EVENTS_PER_REQUEST_MAX)
        await this.#sendBatch(lane, events.slice(start, start + EVENTS_PER_REQUEST_MAX));
    } catch (error) {
      wait = error instanceof ProblemError ? error.retryAfterMilliseconds : null;
      if (!this.#closing.signal.aborted) this.#callback(() => this.#options.onError?.(error));
    }
    const waiting = new Set(lane.events);
    const left = events.filter((queued) => waiting.has(queued)).length;
    if (left > 0) {
      // They failed, or are ahead of the service's clock.
      lane.failures++;
      const backoff = 1_000 * 2 ** Math.min(lane.failures - 1, 10) * (0.5 + Math.random() / 2);
      const asked = Math.min(wait ?? 0, RETRY_AFTER_MILLISECONDS_MAX);
      lane.dueAt = Date.now() + Math.max(Math.min(backoff, BACKOFF_MILLISECONDS_MAX), asked);
    } else if (waiting.size > 0) {
      lane.failures = 0;
      const isFull = waiting.size >= this.#batchSize;
      lane.dueAt = Date.now() + (isFull ? 0 : this.#interval);
    } else {
      this.#lanes.delete(lane.orgId);
    }
    return left;
  }

  /**
   * Sends events in one request, and removes those that need no other attempt. Throws if a retry is
   * due.
   */
  async #sendBatch(lane: Lane, events: QueuedEvent[]): Promise<void> {
    let reasons: string[];
    try {
      const { results } = await this.#options.client.post("/v1/orgs/{org_id}/usage/events", {
        params: { path: { org_id: lane.orgId } },
        body: { events: events.map(({ event }) => event) },
        signal: this.#closing.signal,
      });
      if (results.length !== events.length) throw new Error("the response misses results");
      reasons = results.map(({ status }) => status);
    } catch (error) {
      if (isProblem(error, "org_not_found")) {
        // A service client without the scope gets the same response, so the setting may be wrong.
        const oldest = Date.now() - EVENT_AGE_DAYS_MAX * DAY_MILLISECONDS;
        const old = events.filter(({ event }) => !(Date.parse(event.timestamp) >= oldest));
        await this.#settle(lane, old, () => error.code);
        throw error;
      }
      const isRejected =
        isProblem(error) && (REJECTED_BODY.includes(error.code) || error.status === 413);
      if (!isRejected) throw error;
      if (events.length > 1) {
        // One event is the reason. The others must not be rejected with it.
        const half = Math.ceil(events.length / 2);
        await this.#sendBatch(lane, events.slice(0, half));
        await this.#sendBatch(lane, events.slice(half));
        return;
      }
      reasons = [error.code];
    }
    const reasonOf = new Map(events.map((queued, index) => [queued, reasons[index] ?? ""]));
    const tomorrow = Date.now() + DAY_MILLISECONDS;
    const done = events.filter(
      (queued) =>
        reasonOf.get(queued) !== "in_future" || Date.parse(queued.event.timestamp) > tomorrow,
    );
    await this.#settle(lane, done, (queued) => reasonOf.get(queued) ?? "");
  }

  /** Removes events, and reports those that did not count. */
  async #settle(
    lane: Lane,
    events: QueuedEvent[],
    reasonOf: (queued: QueuedEvent) => string,
  ): Promise<void> {
    // The report comes first: a crash after it repeats the report, and loses none.
    for (const queued of events) {
      const reason = reasonOf(queued);
      if (!["accepted", "duplicate"].includes(reason))
        this.#callback(() => this.#options.onRejected({ ...queued, reason }));
    }
    const removed = new Set(events);
    lane.events = lane.events.filter((queued) => !removed.has(queued));
    this.#waiting -= removed.size;
    try {
      await this.#options.queue?.remove(events);
    } catch (error) {
      // The next process sends these events again, and they still count once.
      this.#callback(() => this.#options.onError?.(error));
    }
  }

  /** Calls the application. An error there must not stop the recorder. */
  #callback(call: () => void): void {
    try {
      call();
    } catch (error) {
      console.error("a callback of the usage recorder failed", error);
    }
  }
}
