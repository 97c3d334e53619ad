// Acme's own API.
import { signIn } from "./session.ts";

/** Why the API refused a request. */
export interface Refusal {
  code: string;
  detail: string;
  required_role?: string | null;
}

/** A line of a run: a step that was done, or why the run stopped, or its end. */
export interface Line {
  step?: string;
  credits?: string;
  refusal?: Refusal;
  done?: boolean;
}

/** A response of Acme that is no success. */
export class FailedError extends Error {
  constructor(
    readonly status: number,
    readonly refusal: Refusal,
  ) {
    super(refusal.detail);
  }
}

/** Calls Acme's API as a person. Throws `FailedError`. Signs in again if the token expired. */
async function call(token: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(`/api${path}`, { ...init, headers });
  if (response.status === 401) await signIn();
  if (!response.ok) throw new FailedError(response.status, await response.json());
  return response;
}

const pathOf = (orgId: string, agentId: string): string =>
  `/orgs/${encodeURIComponent(orgId)}/agents/${encodeURIComponent(agentId)}`;

export async function loadInstructions(
  token: string,
  orgId: string,
  agentId: string,
): Promise<string> {
  const response = await call(token, pathOf(orgId, agentId));
  return (await response.json()).instructions;
}

export async function saveInstructions(
  token: string,
  orgId: string,
  agentId: string,
  instructions: string,
): Promise<void> {
  const body = JSON.stringify({ instructions });
  await call(token, pathOf(orgId, agentId), { method: "PUT", body });
}

/** Runs an agent, and yields each line as it comes. The run ends when `signal` is aborted. */
export async function* runAgent(
  token: string,
  orgId: string,
  agentId: string,
  signal: AbortSignal,
): AsyncGenerator<Line> {
  const path = `${pathOf(orgId, agentId)}/runs`;
  const { body } = await call(token, path, { method: "POST", signal });
  if (!body) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line);
  }
}
