// Acme's server as a service client of Organizations: asks what people may do, and records usage.
import { createClient, UsageRecorder } from "@organizations/client";

/**
 * @typedef {import("@organizations/client").AccessCheck} AccessCheck
 * @typedef {{ code: string, detail: string, required_role: string | null }} Refusal
 */

/** @param {{ url: string, getToken: (rejected?: string) => Promise<string> }} options */
export function createOrganizations({ url, getToken }) {
  const client = createClient({ url, getToken });
  /** The ids of events that will never count, until `count` reports them. @type {Set<string>} */
  const rejected = new Set();
  const usage = new UsageRecorder({
    client,
    onRejected: ({ orgId, event, reason }) => {
      console.error("usage was not counted", orgId, event, reason);
      rejected.add(event.id);
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
      await usage.record(orgId, event);
      const waiting = await usage.flush(orgId);
      const isRejected = rejected.delete(event.id);
      return waiting === 0 && !isRejected;
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
