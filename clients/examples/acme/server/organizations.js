// Acme's server as a service client of Organizations: asks what people may do, reserves credits, and
// records usage.
import { createClient, isProblem, UsageRecorder, withHold } from "@organizations/client";

/**
 * @typedef {import("@organizations/client").AccessCheck} AccessCheck
 * @typedef {{ code: string, detail: string, required_role: string | null }} Refusal
 */

/** @param {{ url: string, getToken: (rejected?: string) => Promise<string> }} options */
export function createOrganizations({ url, getToken }) {
  const client = createClient({ url, getToken });
  /** The events that `count` sends now, and whether they were rejected. @type {Map<string, boolean>} */
  const counting = new Map();
  const usage = new UsageRecorder({
    client,
    onRejected: ({ orgId, event, reason }) => {
      console.error("usage was not counted", orgId, event, reason);
      if (counting.has(event.id)) counting.set(event.id, true);
    },
    onError: (error) => console.error("usage is sent again later", error),
  });
  return {
    /**
     * Records usage, and sends it at once. Returns false if it does not count now: it is sent again
     * later, or was rejected.
     *
     * @param {string} orgId @param {import("@organizations/client").UsageEvent} event
     */
    async count(orgId, event) {
      counting.set(event.id, false);
      try {
        await usage.record(orgId, event);
        const waiting = await usage.flush(orgId);
        return waiting === 0 && !counting.get(event.id);
      } finally {
        counting.delete(event.id);
      }
    },
    /**
     * Reserves credits, runs a step, and releases what the step did not use. Returns a refusal
     * instead if the budget does not suffice.
     *
     * @template T
     * @param {string} orgId @param {import("@organizations/client").NewHold} hold
     * @param {() => Promise<T>} step
     * @returns {Promise<{ value?: T, refused?: Refusal }>}
     */
    async reserving(orgId, hold, step) {
      try {
        return { value: await withHold(client, orgId, hold, step) };
      } catch (error) {
        if (!isProblem(error, "budget_exceeded", "budget_held", "hold_too_large")) throw error;
        return { refused: { code: error.code, detail: error.message, required_role: null } };
      }
    },
    /** Sends the usage that waits. */
    close: () => usage.close(),
    /**
     * Returns why a person may not do something in an organization, or null if they may.
     *
     * @param {string} orgId @param {string} personId @param {AccessCheck} check
     * @returns {Promise<Refusal | null>}
     */
    async refusal(orgId, personId, check) {
      const result = await client.can(orgId, { ...check, as_user_id: personId });
      if (result.decision === "allow") return null;
      return {
        code: result.code ?? "denied",
        detail: result.detail ?? "this is not allowed",
        required_role: result.required_role,
      };
    },
  };
}
