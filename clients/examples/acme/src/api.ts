// Acme's own API.

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

/** A request that Acme refused. */
export class RefusedError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.detail);
  }
}

/** Calls Acme's API as a person. Throws `RefusedError`. */
async function call(token: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(`/api${path}`, { ...init, headers });
  if (!response.ok) throw new RefusedError(await response.json());
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
  await call(token, pathOf(orgId, agentId), {
    method: "PUT",
    body: JSON.stringify({ instructions }),
  });
}

/** Runs an agent, and yields each line as it comes. */
export async function* runAgent(
  token: string,
  orgId: string,
  agentId: string,
): AsyncGenerator<Line> {
  const { body } = await call(token, `${pathOf(orgId, agentId)}/runs`, { method: "POST" });
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
