// The public API, and what the pages make of it: loading, changing, and what goes wrong.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { random } from "./oidc.ts";
import { expire, session, useSession } from "./session.ts";
import { t } from "./texts.ts";
import type { Role } from "./types.ts";

/** An error of the API (RFC 9457); status 0 where it was not reached. */
export interface Problem {
  status: number;
  code: string;
  detail: string;
  errors?: { pointer: string; code: string; detail: string }[];
  required_role?: Role | null;
  policies?: string[] | null;
  orgs?: string[];
}

export type Answer<T> = { ok: true; data: T; text: string } | { ok: false; problem: Problem };

export interface Ask {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
  /** The version that is to be changed. */
  version?: number;
  accept?: string;
  key?: string;
  /** Whether it changes nothing, whatever its method: then it is asked again by itself. */
  reads?: boolean;
}

/** What is not answered by then is away. */
const PATIENCE = 20_000;
/** How long reads wait before they are sent again. */
const PAUSES = [300, 1_200];

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function once<T>({ method, path, body, version, accept, key }: Ask): Promise<Answer<T>> {
  const headers: Record<string, string> = { authorization: `Bearer ${session().session?.token}` };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (version !== undefined) headers["if-match"] = `"${version}"`;
  if (accept) headers["accept"] = accept;
  if (key) headers["idempotency-key"] = key;
  try {
    const answer = await fetch(`/v1${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE) });
    const text = await answer.text();
    if (answer.ok) return { ok: true, data: (text && !accept ? JSON.parse(text) : null) as T, text };
    if (answer.status === 401) {
      expire();
      return { ok: false, problem: { status: 401, code: "unauthorized", detail: t.problem.signedOut } };
    }
    const problem = JSON.parse(text);
    return { ok: false, problem: { ...problem, status: answer.status, code: problem.code ?? "unknown", detail: problem.detail ?? t.problem.away } };
  } catch {
    return { ok: false, problem: { status: 0, code: "away", detail: t.problem.away } };
  }
}

const isAway = <T>(answer: Answer<T>) => !answer.ok && (answer.problem.status === 0 || answer.problem.status >= 500);

/** Asks; a read that is not answered is asked again. */
export async function ask<T>(request: Ask): Promise<Answer<T>> {
  let answer = await once<T>(request);
  if (request.method !== "GET" && !request.reads) return answer;
  for (const milliseconds of PAUSES) {
    if (!isAway(answer)) break;
    await pause(milliseconds);
    answer = await once<T>(request);
  }
  return answer;
}

export const get = <T>(path: string): Promise<Answer<T>> => ask<T>({ method: "GET", path });

/** A path with a query; what is empty is left out. */
export function path(base: string, query: Record<string, string | null | undefined>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length === 0 ? base : `${base}?${new URLSearchParams(given)}`;
}

export interface Loaded<T> {
  data: T | null;
  problem: Problem | null;
  isLoading: boolean;
  /** How often it was loaded: a form that shows it begins anew with each. */
  loads: number;
  reload: () => void;
}

/** Loads what `path` names, or what `load` makes of it. What was there stays until the next is, so that nothing jumps. */
export function useLoad<T>(path: string | null, load: (path: string) => Promise<Answer<T>> = get<T>): Loaded<T> {
  const [state, set] = useState<Omit<Loaded<T>, "reload">>({ data: null, problem: null, isLoading: true, loads: 0 });
  const [turn, again] = useState(0);
  useEffect(() => {
    let isWanted = true;
    if (path === null) return;
    set((before) => ({ ...before, isLoading: true }));
    void load(path).then((answer) => {
      if (!isWanted) return;
      set((before) => (answer.ok ? { data: answer.data, problem: null, isLoading: false, loads: before.loads + 1 } : { ...before, problem: answer.problem, isLoading: false }));
    });
    return () => void (isWanted = false);
  }, [path, turn]);
  const { session } = useSession();
  useEffect(() => {
    // What was refused for want of a sign-in is asked again with the new one.
    if (state.problem?.status === 401) again((n) => n + 1);
  }, [session?.token]);
  return { ...state, reload: useCallback(() => again((n) => n + 1), []) };
}

export interface Action {
  isBusy: boolean;
  problem: Problem | null;
  /** Does it, once at a time; nothing while it is being done. The same that is sent again after a failure counts once. */
  run: <T>(request: Ask) => Promise<Answer<T> | null>;
  forget: () => void;
}

export function useAction(): Action {
  const [state, set] = useState<{ isBusy: boolean; problem: Problem | null }>({ isBusy: false, problem: null });
  const { session } = useSession();
  useEffect(() => set((before) => (before.problem?.status === 401 ? { ...before, problem: null } : before)), [session?.token]);
  const running = useRef(false);
  const sent = useRef<{ request: string; key: string } | null>(null);
  const run = async <T>(request: Ask): Promise<Answer<T> | null> => {
    if (running.current) return null;
    running.current = true;
    set({ isBusy: true, problem: null });
    const name = JSON.stringify(request);
    if (sent.current?.request !== name) sent.current = { request: name, key: random() };
    const answer = await ask<T>({ ...request, key: sent.current.key });
    if (!isAway(answer)) sent.current = null;
    running.current = false;
    set({ isBusy: false, problem: answer.ok ? null : answer.problem });
    return answer;
  };
  return { ...state, run, forget: () => set({ isBusy: false, problem: null }) };
}
