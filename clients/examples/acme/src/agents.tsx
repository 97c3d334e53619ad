// The agents of an organization. They are resources of Organizations; Acme adds their instructions
// and their runs.
import { type Client, type components, isProblem } from "@organizations/client";
import { BudgetSummary, Can } from "@organizations/react";
import { type FormEvent, useCallback, useEffect, useState } from "react";
import { Agent } from "./agent.tsx";

type Resource = components["schemas"]["Resource"];

/** A message for the person, from an error of the Organizations API. */
const messageOf = (error: unknown): string =>
  isProblem(error) ? `This did not work: ${error.problem.detail}.` : "Acme cannot be reached.";

export interface AgentsProps {
  orgId: string;
  client: Client;
  token: string;
}

export function Agents({ orgId, client, token }: AgentsProps) {
  const [agents, setAgents] = useState<Resource[]>();
  const [problem, setProblem] = useState("");
  const [runs, setRuns] = useState(0);

  const load = useCallback(async () => {
    const found: Resource[] = [];
    const params = { path: { org_id: orgId }, query: { kind: "agent" as const } };
    for await (const agent of client.list("/v1/orgs/{org_id}/resources", { params }))
      found.push(agent);
    setAgents(found);
  }, [client, orgId]);
  useEffect(() => {
    load().catch((error: unknown) => setProblem(messageOf(error)));
  }, [load]);

  async function create(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    setProblem("");
    try {
      await client.post("/v1/orgs/{org_id}/resources", {
        params: { path: { org_id: orgId } },
        body: { kind: "agent", name: String(new FormData(form).get("name")) },
      });
      form.reset();
      await load();
    } catch (error) {
      setProblem(messageOf(error));
    }
  }

  return (
    <>
      <h1>Agents</h1>
      <BudgetSummary key={runs} orgId={orgId} />
      <Can
        orgId={orgId}
        action="create_resource"
        kind="agent"
        fallback={(reason) => <p className="quiet">You cannot create agents. {reason}</p>}
      >
        <form className="new" onSubmit={(event) => void create(event)}>
          <label>
            New agent <input name="name" required maxLength={80} placeholder="Market research" />
          </label>
          <button type="submit" className="main">
            Create
          </button>
        </form>
      </Can>
      {problem && <p role="alert">{problem}</p>}
      {agents?.length === 0 && <p className="quiet">There are no agents yet.</p>}
      {agents?.map((agent) => (
        <Agent
          key={agent.id}
          orgId={orgId}
          token={token}
          agent={agent}
          onRun={() => setRuns((count) => count + 1)}
        />
      ))}
    </>
  );
}
