// One agent: its instructions and its runs. Each button knows whether it is allowed, and why not.
import type { components } from "@organizations/client";
import { useAccess, useReason } from "@organizations/react";
import { useEffect, useId, useRef, useState } from "react";
import { FailedError, type Line, loadInstructions, runAgent, saveInstructions } from "./api.ts";

interface AgentProps {
  orgId: string;
  token: string;
  agent: components["schemas"]["Resource"];
  onRun: () => void;
}

/** A message for the person, from an error of Acme's API. */
function messageOf(error: unknown): string {
  if (!(error instanceof FailedError)) return "Acme cannot be reached.";
  return error.status === 403 ? `Not allowed: ${error.message}.` : error.message;
}

export function Agent({ orgId, token, agent, onRun }: AgentProps) {
  const [instructions, setInstructions] = useState<string>();
  const [lines, setLines] = useState<Line[]>([]);
  const [isRunning, setRunning] = useState(false);
  const [message, setMessage] = useState("");
  const edit = useAccess(orgId, { action: "update_resource", resource_id: agent.id });
  const canEdit = edit?.decision === "allow" && instructions !== undefined;
  const cannotEdit = useReason(edit);
  const use = useAccess(orgId, { action: "use_resource", resource_id: agent.id });
  const cannotRun = useReason(use);
  const title = useId();
  const why = useId();
  // Another page of Acme ends the run, which would go on unseen.
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  useEffect(() => {
    loadInstructions(token, orgId, agent.id).then(setInstructions, (error: unknown) =>
      setMessage(messageOf(error)),
    );
  }, [token, orgId, agent.id]);

  async function save() {
    if (instructions === undefined) return;
    setMessage("");
    try {
      await saveInstructions(token, orgId, agent.id, instructions);
      setMessage("Saved.");
    } catch (error) {
      setMessage(messageOf(error));
    }
  }

  async function run() {
    setMessage("");
    setLines([]);
    setRunning(true);
    const run = new AbortController();
    running.current = run;
    try {
      let isOver = false;
      for await (const line of runAgent(token, orgId, agent.id, run.signal)) {
        setLines((before) => [...before, line]);
        isOver = line.done === true || line.refusal !== undefined;
      }
      if (!isOver) setMessage("The connection was lost. Steps that were done are recorded.");
    } catch (error) {
      if (run.signal.aborted) return;
      setMessage(messageOf(error));
    }
    setRunning(false);
    onRun();
  }

  return (
    <section className="agent" aria-labelledby={title}>
      <h2 id={title}>{agent.name}</h2>
      <label>
        Instructions
        <textarea
          rows={2}
          value={instructions ?? ""}
          readOnly={!canEdit}
          onChange={(event) => setInstructions(event.target.value)}
        />
      </label>
      <p className="actions">
        <button
          type="button"
          disabled={!canEdit}
          aria-describedby={cannotEdit ? why : undefined}
          onClick={() => void save()}
        >
          Save
        </button>
        <button
          type="button"
          className="main"
          disabled={isRunning || use?.decision !== "allow"}
          aria-describedby={cannotRun ? why : undefined}
          onClick={() => void run()}
        >
          {isRunning ? "Running…" : "Run"}
        </button>
        <span id={why} className="quiet">
          {cannotEdit && `You cannot change the instructions. ${cannotEdit} `}
          {cannotRun && `You cannot run the agent. ${cannotRun}`}
        </span>
      </p>
      <ol aria-live="polite" className="run">
        {lines.map((line, index) => (
          // Lines are only added at the end.
          // biome-ignore lint/suspicious/noArrayIndexKey: a line has no id, and never moves
          <li key={index} className={line.refusal ? "stopped" : undefined}>
            {line.step && (
              <>
                {line.step} <span className="quiet">{line.credits} credits</span>
              </>
            )}
            {line.refusal && `Stopped: ${line.refusal.detail}.`}
            {line.done && "Done."}
          </li>
        ))}
      </ol>
      {message && <p role="status">{message}</p>}
    </section>
  );
}
