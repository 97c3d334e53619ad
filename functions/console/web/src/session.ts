// Who is signed in. The token is a variable of this page: a reload forgets it, and nothing stores it.

import { useEffect, useState } from "preact/hooks";
import { begin } from "./oidc.ts";
import type { Me } from "./types.ts";

/** The console's place, where the issuer leads back to. */
export const PATH = "/";
/** The tab that signs in again for another one. */
export const AGAIN = "#/again";

export interface Session { token: string; me: Me }
interface State { session: Session | null; isExpired: boolean }

let state: State = { session: null, isExpired: false };
const listeners = new Set<() => void>();
const channel = new BroadcastChannel("session");

function set(next: State): void {
  state = next;
  listeners.forEach((listener) => listener());
}

export const session = (): State => state;

export function useSession(): State {
  const [, again] = useState(0);
  useEffect(() => {
    const listener = () => again((n) => n + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return state;
}

/** Asks who a token is of. */
async function whose(token: string): Promise<Session | null> {
  const answer = await fetch("/v1/me", { headers: { authorization: `Bearer ${token}` } }).catch(() => null);
  return answer?.ok ? { token, me: await answer.json() } : null;
}

export async function start(token: string): Promise<boolean> {
  const session = await whose(token);
  if (session) set({ session, isExpired: false });
  return session !== null;
}

export const end = (): void => set({ session: null, isExpired: false });

/** The API takes the token no longer. What is on the page stays: another tab signs in, and hands its token over. */
export function expire(): void {
  if (state.session && !state.isExpired) set({ ...state, isExpired: true });
}

/** Signs in again without leaving the page, or by leaving it where the browser opens no tab. */
export function renew(): void {
  if (!window.open(location.origin + PATH + AGAIN)) void begin(PATH, location.hash);
}

/** Hands this tab's token to the others, which take it where it is the same person's. */
export const share = (): void => channel.postMessage(state.session?.token);

channel.onmessage = async ({ data }: MessageEvent<unknown>) => {
  if (!state.isExpired || typeof data !== "string") return;
  const session = await whose(data);
  if (session && session.me.user_id === state.session?.me.user_id) set({ session, isExpired: false });
};
