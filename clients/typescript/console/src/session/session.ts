// The session of the person who is signed in. The token is a variable of this page: nothing stores
// it, and a reload forgets it.

import { type components, createClient } from "@organizations/client";
import { useSyncExternalStore } from "react";
import { begin, forgetAttempts, isBack } from "./oidc.ts";
import { rememberSignOut } from "./signed-out.ts";

type Me = components["schemas"]["Me"];

/** The path of the console, to which the issuer redirects. */
export const PATH = "/";
/**
 * The hash of a tab that signs in again for another tab; `ANOTHER` also asks for another identity.
 */
export const AGAIN = "#/again";
export const ANOTHER = "#/again/another";

export interface Session {
  token: string;
  me: Me;
}
interface State {
  session: Session | null;
  isExpired: boolean;
  /** The person who signed in again, if it is not the person of this page. */
  other: string | null;
}

let state: State = { session: null, isExpired: false, other: null };
const listeners = new Set<() => void>();
// Someone went back from the issuer instead of signing in.
if (!isBack()) forgetAttempts();

const channel = new BroadcastChannel("session");

function set(next: State): void {
  state = next;
  for (const listener of listeners) listener();
}

export const session = (): State => state;

export const useSession = (): State =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, session);

/**
 * Loads the person that a token belongs to. Null if the API rejects the token or cannot be reached.
 */
async function fetchSession(token: string): Promise<Session | null> {
  const client = createClient({ url: location.origin, getToken: () => token });
  return client.get("/v1/me").then(
    (me) => ({ token, me }),
    () => null,
  );
}

export async function start(token: string): Promise<boolean> {
  const session = await fetchSession(token);
  if (session) {
    set({ session, isExpired: false, other: null });
  }
  return session !== null;
}

function end(): void {
  rememberSignOut();
  // The next person does not begin where this one was.
  history.replaceState(null, "", PATH);
  dispatchEvent(new HashChangeEvent("hashchange"));
  set({ session: null, isExpired: false, other: null });
}

/** Forgets the token in this tab and in every other tab of the same person. */
export function signOut(): void {
  channel.postMessage({ out: state.session?.me.user_id });
  end();
}

/**
 * Marks the session as expired. The page keeps its content: another tab signs in and shares its
 * token.
 */
export function expire(): void {
  if (state.session && !state.isExpired) set({ ...state, isExpired: true });
}

/** Signs in again in a new tab, or in this tab if the browser blocks the new one. */
export function renew(): void {
  if (window.open(location.origin + PATH + (state.other ? ANOTHER : AGAIN))) return;
  // If the issuer cannot be reached either, the page stays as it is.
  begin(PATH, location.hash, state.other !== null).catch(() => {});
}

/** Shares this tab's token. Other tabs accept it if it belongs to the same person. */
export function share(): void {
  if (state.session) channel.postMessage(state.session.token);
}

channel.onmessage = async ({ data }: MessageEvent<string | { out: string }>) => {
  if (typeof data === "object") return data.out === state.session?.me.user_id && end();
  if (!state.isExpired) return;
  const session = await fetchSession(data);
  if (!session) return;
  if (session.me.user_id === state.session?.me.user_id)
    set({ session, isExpired: false, other: null });
  else set({ ...state, other: session.me.email ?? session.me.user_id });
};
