import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { QueuedEvent, UsageQueue } from "./usage.ts";

/** Makes a new or renamed file durable. Windows cannot open a folder, and does not need it. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Returns a queue in a folder. An event is on the disk before `record` resolves, so it survives a
 * crash of the process and of the machine.
 *
 * Events that are recorded together are one file, which is written under another name and then
 * renamed, and removed when all of its events have counted. Processes, threads and containers may
 * share the folder: at worst two of them send the same event, which then counts once.
 */
export function folderQueue(folder: string): UsageQueue {
  /** The events of each file that have not been removed, by the file's name. */
  const files = new Map<string, Set<QueuedEvent>>();
  /** The name of the file that contains an event. */
  const places = new Map<QueuedEvent, string>();
  let batch: { events: QueuedEvent[]; written: Promise<void> } | undefined;
  let last: Promise<void> = Promise.resolve();

  const remember = (name: string, events: QueuedEvent[]): void => {
    files.set(name, new Set(events));
    for (const event of events) places.set(event, name);
  };

  const write = async (events: QueuedEvent[]): Promise<void> => {
    const name = `${Date.now().toString().padStart(15, "0")}-${randomUUID()}.json`;
    const temporary = join(folder, `${name}.new`);
    try {
      const file = await open(temporary, "wx", 0o600);
      try {
        await file.writeFile(JSON.stringify(events));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, join(folder, name));
      await syncFolder(folder);
    } catch (error) {
      // `add` rejects, so the caller records these events again.
      for (const path of [temporary, join(folder, name)])
        await rm(path, { force: true }).catch(() => undefined);
      throw error;
    }
    remember(name, events);
  };

  return {
    async open() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const stored: QueuedEvent[] = [];
      for (const name of (await readdir(folder)).filter((name) => name.endsWith(".json")).sort()) {
        let text: string;
        try {
          text = await readFile(join(folder, name), "utf8");
        } catch (error) {
          // Another process has sent and removed it.
          if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
          throw error;
        }
        let events: QueuedEvent[];
        try {
          events = JSON.parse(text) as QueuedEvent[];
        } catch {
          throw new Error(`\`${join(folder, name)}\` is not JSON: repair it, or move it away`);
        }
        remember(name, events);
        for (const event of events) stored.push(event);
      }
      return stored;
    },
    add(events) {
      // Events that arrive while a file is written share the next file.
      if (!batch) {
        const next = { events: [] as QueuedEvent[], written: last };
        next.written = last
          .catch(() => undefined)
          .then(() => {
            batch = undefined;
            return write(next.events);
          });
        batch = next;
        last = next.written;
      }
      batch.events.push(...events);
      return batch.written;
    },
    async remove(events) {
      for (const event of events) {
        const name = places.get(event) ?? "";
        const left = files.get(name);
        left?.delete(event);
        if (left?.size === 0) {
          await rm(join(folder, name), { force: true });
          files.delete(name);
        }
        places.delete(event);
      }
    },
  };
}
