// A run of an agent. Before each step it asks, and reserves the credits of the step. It records what
// the step used, and stops when the answer is no.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

/** What each step costs, in credits. */
const CREDITS = "2";
const STEPS = [
  "Searching the sources",
  "Reading twelve documents",
  "Comparing what they say",
  "Writing a draft",
  "Checking every citation",
  "Writing the answer",
];

/**
 * @typedef {{ step?: string, credits?: string, refusal?: import("./organizations.js").Refusal, done?: boolean }} Line
 */

/**
 * Runs an agent for a person. When `signal` is aborted, the run ends after its current step.
 *
 * @param {{
 *   organizations: ReturnType<typeof import("./organizations.js").createOrganizations>,
 *   orgId: string, agentId: string, personId: string, stepMilliseconds: number, signal: AbortSignal,
 * }} options
 * @returns {AsyncGenerator<Line, void, void>}
 */
export async function* runAgent({
  organizations: { refusal, reserving, count },
  orgId,
  agentId,
  personId,
  stepMilliseconds,
  signal,
}) {
  const runId = randomUUID();
  const check = { action: "use_resource", resource_id: agentId, estimated_credits: CREDITS };
  for (const [index, step] of STEPS.entries()) {
    if (signal.aborted) return;
    const refused = await refusal(orgId, personId, check);
    if (refused) {
      yield { refusal: refused };
      return;
    }
    // The id is made from what happened, so the step counts once, also if it is sent again.
    const id = `${runId}:${index}`;
    const hold = { id, credits: CREDITS, expires_in: 600, resource_id: agentId, user_id: personId };
    const { value: isCounted, refused: noBudget } = await reserving(orgId, hold, async () => {
      // Here a real agent calls its model.
      await pause(stepMilliseconds);
      return count(orgId, {
        id,
        timestamp: new Date().toISOString(),
        kind: "agent.step",
        credits: CREDITS,
        resource_id: agentId,
        user_id: personId,
        hold_id: id,
        final: true,
      });
    });
    if (noBudget) {
      yield { refusal: noBudget };
      return;
    }
    yield { step, credits: CREDITS };
    // The budget would not stop a run whose steps do not count.
    if (!isCounted) {
      const detail = "the usage cannot be recorded now";
      yield { refusal: { code: "usage_not_recorded", detail, required_role: null } };
      return;
    }
  }
  yield { done: true };
}
