// Who is signed in. The token is a variable of this page: a reload forgets it, and nothing stores it.

import { useEffect, useState } from "preact/hooks";
import { begin } from "./oidc.ts";
import { send } from "./transport.ts";
import type { Me } from "./types.ts";

/** The console's place, where the issuer leads back to. */
export const PATH = "/";
/** The tab that signs in again for another one; and the same, asking for another identity than the one that the issuer remembers. */
export const AGAIN = "#/again";
export const ANOTHER = "#/again/another";

export interface Session {
  token: string;
  me: Me;
}
interface State {
  session: Session | null;
  isExpired: boolean;
  /** Who signed in again, where it was somebody else than whose page this is. */
  other: string | null;
  /** Whether somebody signed out here: the next who signs in is asked who they are. */
  isOut: boolean;
}

let state: State = { session: null, isExpired: false, other: null, isOut: false };
const listeners = new Set<() => void>();
const channel = new BroadcastChannel("session");

function set(next: State): void {
  state = next;
  for (const listener of listeners) listener();
}

export const session = (): State => state;

export function useSession(): State {
  const [, setTurn] = useState(0);
  useEffect(() => {
    const listener = () => setTurn((n) => n + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return state;
}

/** Asks who a token is of. */
async function fetchSession(token: string): Promise<Session | null> {
  const { status, text } = await send("/v1/me", {
    method: "GET",
    headers: { authorization: `Bearer ${token}` },
  });
  return status === 200 ? { token, me: JSON.parse(text) } : null;
}

export async function start(token: string): Promise<boolean> {
  const session = await fetchSession(token);
  if (session) set({ session, isExpired: false, other: null, isOut: false });
  return session !== null;
}

const end = (): void => set({ session: null, isExpired: false, other: null, isOut: true });

/** Forgets the token, here and in every other tab of the same person. */
export function signOut(): void {
  channel.postMessage({ out: state.session?.me.user_id });
  end();
}

/** The API takes the token no longer. What is on the page stays: another tab signs in, and hands its token over. */
export function expire(): void {
  if (state.session && !state.isExpired) set({ ...state, isExpired: true });
}

/** Signs in again without leaving the page, or by leaving it where the browser opens no tab. */
export function renew(): void {
  if (window.open(location.origin + PATH + (state.other ? ANOTHER : AGAIN))) return;
  // Where the issuer does not answer either, the page stays as it is.
  begin(PATH, location.hash, state.other !== null).catch(() => {});
}

/** Hands this tab's token to the others, which take it where it is the same person's. */
export function share(): void {
  if (state.session) channel.postMessage(state.session.token);
}

channel.onmessage = async ({ data }: MessageEvent<string | { out: string }>) => {
  if (typeof data === "object") return data.out === state.session?.me.user_id && end();
  if (!state.isExpired) return;
  const session = await fetchSession(data);
  if (!session) return;
  if (session.me.user_id === state.session?.me.user_id)
    set({ session, isExpired: false, other: null, isOut: false });
  else set({ ...state, other: session.me.email ?? session.me.user_id });
};
