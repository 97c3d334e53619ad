// Signs in with OpenID Connect: authorization code flow with PKCE. The tab's session storage holds
// only what the callback needs.

import { forgetSignOut, wasSignedOut } from "./signed-out.ts";

/** The configuration that the server writes into the page. */
export interface Config {
  product: string;
  logo: string | null;
  support: string | null;
  app: string | null;
  issuer: string | null;
  client_id: string;
  scope: string;
  token: "id_token" | "access_token";
}

export const config: Config = JSON.parse(document.getElementById("config")?.textContent ?? "{}");

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** 256 random bits, as text. */
export const random = (): string => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function provider(): Promise<{ authorization_endpoint: string; token_endpoint: string }> {
  const answer = await fetch(
    `${(config.issuer ?? "").replace(/\/$/, "")}/.well-known/openid-configuration`,
  );
  if (!answer.ok) throw new Error("the issuer does not describe itself");
  return answer.json();
}

/**
 * Redirects to the issuer, which redirects back to `path`. `kept` is available after that. Throws
 * if the issuer cannot be reached. `another` asks the person to sign in even if the issuer has a
 * session, as does the first sign-in after a sign-out.
 */
export async function begin(path: string, kept: string, another = false): Promise<void> {
  const { authorization_endpoint } = await provider();
  forgetAttempts();
  const [state, nonce, verifier] = [random(), random(), random()];
  const challenge = base64url(
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))),
  );
  // The issuer redirects to a new document, which reads this once.
  sessionStorage.setItem(`sign-in:${state}`, JSON.stringify({ verifier, nonce, kept }));
  const url = new URL(authorization_endpoint);
  const wanted = {
    response_type: "code",
    client_id: config.client_id,
    redirect_uri: location.origin + path,
    scope: config.scope,
    state,
    nonce,
    code_challenge: challenge,
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(wanted)) url.searchParams.set(name, value);
  if (another || wasSignedOut()) url.searchParams.set("prompt", "login");
  location.assign(url);
}

/** Forgets sign-ins that were begun here and never completed. */
export function forgetAttempts(): void {
  for (const name of Object.keys(sessionStorage))
    if (name.startsWith("sign-in:")) sessionStorage.removeItem(name);
}

/** Whether this page load is a redirect from the issuer. */
export const isBack = (): boolean => new URLSearchParams(location.search).has("state");

/**
 * Completes the sign-in that `begin` started: exchanges the code for a token, which is null after a
 * failure. Removes the code from the address bar.
 */
export async function finish(path: string): Promise<{ token: string | null; kept: string }> {
  const answer = new URLSearchParams(location.search);
  const name = `sign-in:${answer.get("state")}`;
  const stored = sessionStorage.getItem(name);
  forgetAttempts();
  const { verifier, nonce, kept } = stored
    ? JSON.parse(stored)
    : { verifier: "", nonce: "", kept: "" };
  history.replaceState(null, "", path + kept);
  const code = answer.get("code");
  if (!stored || !code) return { token: null, kept };
  try {
    const { token_endpoint } = await provider();
    const body = new URLSearchParams({
      grant_type: "authorization_code",
      code,
      redirect_uri: location.origin + path,
      client_id: config.client_id,
      code_verifier: verifier,
    });
    const response = await fetch(token_endpoint, { method: "POST", body });
    if (!response.ok) return { token: null, kept };
    const tokens = await response.json();
    const part = tokens.id_token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const claims = JSON.parse(
      new TextDecoder().decode(Uint8Array.from(atob(part), (c) => c.charCodeAt(0))),
    );
    if (claims.nonce !== nonce) return { token: null, kept };
    forgetSignOut();
    return { token: tokens[config.token], kept };
  } catch {
    return { token: null, kept };
  }
}
