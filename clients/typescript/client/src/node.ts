import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import type { QueuedEvent, UsageQueue } from "./usage.ts";

/** The size at which the file is rewritten without the removed events, in bytes. */
const REWRITE_BYTES = 8 * 1024 * 1024;

type Line = { add: QueuedEvent } | { remove: [orgId: string, id: string] };

const keyOf = ({ orgId, event }: QueuedEvent): string => JSON.stringify([orgId, event.id]);

/** Returns true if a process with this id runs. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The queues that this process has open. In a container, an earlier process had the same id. */
const openHere = new Set<string>();

/** Creates the lock file, and replaces one that a process left behind. */
function lock(path: string): void {
  const holder = (): number | null => {
    try {
      return Number(readFileSync(path, "utf8"));
    } catch {
      return null;
    }
  };
  const pid = holder();
  const isStale = pid !== null && !openHere.has(path) && (pid === process.pid || !isRunning(pid));
  if (isStale) rmSync(path, { force: true });
  try {
    const file = openSync(path, "wx");
    writeSync(file, String(process.pid));
    closeSync(file);
  } catch {
    throw new Error(
      `the usage queue is in use by the process ${holder()}; give each process its own file`,
    );
  }
  openHere.add(path);
}

function unlock(path: string): void {
  rmSync(path, { force: true });
  openHere.delete(path);
}

/** Makes a rename durable. Windows cannot open a folder, and does not need it. */
function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  fsyncSync(folder);
  closeSync(folder);
}

/**
 * Returns a queue in a file. An event is on the disk before `record` resolves, so it survives a crash of the
 * process and of the machine. Each process needs a file of its own.
 */
export function fileQueue(path: string): UsageQueue {
  const stored = new Map<string, QueuedEvent>();
  let file: FileHandle | undefined;
  let size = 0;
  let batch: { lines: Line[]; written: Promise<void> } | undefined;
  let last: Promise<void> = Promise.resolve();
  let isDamaged = false;

  /** Writes the file again with the stored events only. */
  const rewrite = async (): Promise<void> => {
    await file?.close();
    const text = [...stored.values()].map((add) => `${JSON.stringify({ add })}\n`).join("");
    const temporary = openSync(`${path}.new`, "w", 0o600);
    writeSync(temporary, text);
    fsyncSync(temporary);
    closeSync(temporary);
    renameSync(`${path}.new`, path);
    syncFolder(dirname(path));
    file = await open(path, "a", 0o600);
    size = Buffer.byteLength(text);
    isDamaged = false;
  };

  const append = async (lines: Line[]): Promise<void> => {
    if (!file) throw new Error("the usage queue is not open");
    // After a failed write, the file can end with a part of a line.
    if (isDamaged || size > REWRITE_BYTES) await rewrite();
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    try {
      await file.appendFile(text);
      await file.datasync();
      size += Buffer.byteLength(text);
    } catch (error) {
      isDamaged = true;
      throw error;
    }
  };

  /** Writes lines. Those that arrive during a write are written together after it. */
  const write = (lines: Line[]): Promise<void> => {
    if (!batch) {
      const next = { lines: [] as Line[], written: last };
      next.written = last
        .catch(() => undefined)
        .then(() => {
          batch = undefined;
          return append(next.lines);
        });
      batch = next;
      last = next.written;
    }
    batch.lines.push(...lines);
    return batch.written;
  };

  /** Reads the events that are stored and not removed. */
  const read = (): void => {
    let text = "";
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    // The last line is incomplete if the process ended while it wrote. `add` did not resolve.
    const complete = text.slice(0, text.lastIndexOf("\n") + 1);
    complete.split("\n").forEach((json, index) => {
      if (!json) return;
      let line: Line;
      try {
        line = JSON.parse(json) as Line;
      } catch {
        throw new Error(
          `line ${index + 1} of the usage queue \`${path}\` is not JSON; repair or move the file`,
        );
      }
      if ("add" in line) stored.set(keyOf(line.add), line.add);
      else stored.delete(JSON.stringify(line.remove));
    });
  };

  return {
    async open() {
      lock(`${path}.lock`);
      try {
        read();
        await rewrite();
      } catch (error) {
        unlock(`${path}.lock`);
        throw error;
      }
      return [...stored.values()];
    },
    async add(events) {
      for (const event of events) stored.set(keyOf(event), event);
      try {
        await write(events.map((add) => ({ add })));
      } catch (error) {
        for (const event of events) stored.delete(keyOf(event));
        throw error;
      }
    },
    async remove(events) {
      for (const event of events) stored.delete(keyOf(event));
      await write(events.map(({ orgId, event }) => ({ remove: [orgId, event.id] })));
    },
    async close() {
      if (!file) return;
      await last.catch(() => undefined);
      await rewrite();
      await file.close();
      file = undefined;
      unlock(`${path}.lock`);
    },
  };
}
