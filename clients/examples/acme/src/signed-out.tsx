import { useState } from "react";
import { signIn } from "./session.ts";

/** The page of a visitor. `message` says why a sign-in failed. */
export function SignedOut({ message }: { message: string | null }) {
  const [problem, setProblem] = useState(message);
  return (
    <main className="welcome">
      <p className="brand">Acme</p>
      <h1>Agents that do your team's research</h1>
      <p>
        Give an agent a question. It reads, compares and writes, within the budget of your team.
      </p>
      <button
        type="button"
        className="main"
        onClick={() => {
          signIn().catch(() => setProblem("The identity provider cannot be reached."));
        }}
      >
        Sign in or sign up
      </button>
      {problem && <p role="alert">{problem}</p>}
    </main>
  );
}
