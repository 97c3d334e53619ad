import type { Client } from "./client.ts";
import type { components } from "./schema.ts";

type Schemas = components["schemas"];
/** Credits of the monthly budget that are reserved for a run. */
export type Hold = Schemas["Hold"];
/** The credits to reserve. */
export type NewHold = Schemas["CreateHold"];

/**
 * Reserves credits, calls `run`, and releases the hold, also if `run` throws. Throws a
 * `ProblemError` with the code `budget_exceeded`, `budget_held` or `hold_too_large` if the budget
 * does not suffice; `run` is then not called.
 *
 * Record the usage in `run`, with `hold_id`, and wait until it is recorded: `await
 * recorder.flush(orgId)`. Usage that is recorded after the release is not covered by the hold.
 */
export async function withHold<T>(
  client: Client,
  orgId: string,
  request: NewHold,
  run: (hold: Hold) => T | Promise<T>,
): Promise<T> {
  const path = { org_id: orgId };
  const hold = await client.post("/v1/orgs/{org_id}/holds", { params: { path }, body: request });
  try {
    return await run(hold);
  } finally {
    await client
      .delete("/v1/orgs/{org_id}/holds/{hold_id}", {
        params: { path: { ...path, hold_id: hold.id } },
      })
      // A hold that cannot be released now expires.
      .catch(() => undefined);
  }
}
