import { isProblem } from "./problem.ts";
import type { components } from "./schema.ts";

type Schemas = components["schemas"];
/** An access check: an action in an organization with its parameters. */
export type AccessCheck = Schemas["AccessCheck"];
/** The result of an access check: `allow`, or `deny` with the reason. */
export type AccessCheckResult = Schemas["AccessCheckResult"];

/** The largest number of checks in one request. */
const CHECKS_MAX = 30;

/** Sends checks to the API, and returns their results in the same order. */
type Send = (orgId: string, checks: AccessCheck[]) => Promise<AccessCheckResult[]>;

interface Waiting {
  check: AccessCheck;
  callers: { resolve: (result: AccessCheckResult) => void; reject: (error: unknown) => void }[];
}

/**
 * Collects the checks that code makes in one turn of the event loop, such as those of one render,
 * and sends them together. Equal checks are sent once.
 */
export function batching(
  send: Send,
): (orgId: string, check: AccessCheck) => Promise<AccessCheckResult> {
  const waiting = new Map<string, Map<string, Waiting>>();

  const sendPart = async (orgId: string, part: Waiting[]): Promise<void> => {
    try {
      const results = await send(
        orgId,
        part.map(({ check }) => check),
      );
      part.forEach(({ callers }, index) => {
        for (const { resolve } of callers) resolve(results[index] as AccessCheckResult);
      });
    } catch (error) {
      // One invalid check makes the whole request invalid.
      if (part.length > 1 && isProblem(error, "validation_failed")) {
        await Promise.all(part.map((one) => sendPart(orgId, [one])));
        return;
      }
      for (const { callers } of part) for (const { reject } of callers) reject(error);
    }
  };

  const flush = (orgId: string): void => {
    const all = [...(waiting.get(orgId)?.values() ?? [])];
    waiting.delete(orgId);
    for (let start = 0; start < all.length; start += CHECKS_MAX)
      void sendPart(orgId, all.slice(start, start + CHECKS_MAX));
  };

  return (orgId, check) =>
    new Promise((resolve, reject) => {
      let checks = waiting.get(orgId);
      if (!checks) {
        checks = new Map();
        waiting.set(orgId, checks);
        setTimeout(() => flush(orgId), 0);
      }
      const name = JSON.stringify(Object.entries(check).sort());
      const same = checks.get(name) ?? { check, callers: [] };
      same.callers.push({ resolve, reject });
      checks.set(name, same);
    });
}
