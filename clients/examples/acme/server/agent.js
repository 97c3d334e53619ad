// A run of an agent. It asks before each step, records what the step used, and stops when the answer
// is no.
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
 * Runs an agent for a person.
 *
 * @param {{
 *   organizations: ReturnType<typeof import("./organizations.js").createOrganizations>,
 *   orgId: string, agentId: string, personId: string, stepMilliseconds: number,
 * }} options
 * @returns {AsyncGenerator<Line, void, void>}
 */
export async function* runAgent({ organizations, orgId, agentId, personId, stepMilliseconds }) {
  const { refusal, usage } = organizations;
  const runId = randomUUID();
  for (const [index, step] of STEPS.entries()) {
    const use = { action: "use_resource", resource_id: agentId, estimated_credits: CREDITS };
    const refused = await refusal(orgId, personId, use);
    if (refused) {
      yield { refusal: refused };
      return;
    }
    // Here a real agent calls its model.
    await pause(stepMilliseconds);
    await usage.record(orgId, {
      // The id is made from what happened, so the step counts once, also if it is sent again.
      id: `${runId}:${index}`,
      timestamp: new Date().toISOString(),
      kind: "agent.step",
      credits: CREDITS,
      resource_id: agentId,
      user_id: personId,
    });
    // The next question must see this step.
    await usage.flush();
    yield { step, credits: CREDITS };
  }
  yield { done: true };
}
