import { signIn } from "./session.ts";

export function SignedOut() {
  return (
    <main className="welcome">
      <p className="brand">Acme</p>
      <h1>Agents that do your team's research</h1>
      <p>
        Give an agent a question. It reads, compares and writes, within the budget of your team.
      </p>
      <button type="button" className="main" onClick={() => void signIn()}>
        Sign in or sign up
      </button>
    </main>
  );
}
