// The client of the public API: requests, problems, and the hooks that load and change data.

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { random } from "./oidc.ts";
import { expire, session, useSession } from "./session.ts";
import { failure, t } from "./texts.ts";
import { isTemporary, type Received, send } from "./transport.ts";
import type { Role } from "./types.ts";

/** An error of the API (RFC 9457). Status 0: the API was not reached. */
export interface Problem {
  status: number;
  code: string;
  detail: string;
  errors?: { pointer: string; code: string; detail: string }[];
  required_role?: Role;
  policies?: string[];
  orgs?: string[];
}

export type Answer<T> = { ok: true; data: T; text: string } | { ok: false; problem: Problem };

export interface Ask {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
  /** The version that the change is based on, sent as `If-Match`. */
  version?: number;
  accept?: string;
  key?: string;
  /** Whether the request is a read although it is not a GET. Reads are repeated after a failure. */
  reads?: boolean;
  /** The service stores no response to this request, so it is not repeated by itself. */
  isUnkeyed?: true;
}

/** Parses JSON. Returns undefined if the text is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Converts a failed response to a problem. API Gateway and Lambda respond with only a `message`, which
 * the catalogue's texts replace.
 */
function problemOf({ status, text }: Received): Problem {
  if (status === 401) return { status, code: "unauthorized", detail: t.problem.signedOut };
  const body = (parse(text) ?? {}) as Partial<Problem>;
  const { detail } = failure(status);
  if (typeof body.code !== "string") return { status, code: "gateway", detail };
  return {
    ...body,
    status,
    code: body.code,
    detail: status < 500 && body.detail ? body.detail : detail,
  };
}

/** Sends a request to the API with the token of the person who is signed in. */
export async function ask<T>({
  method,
  path,
  body,
  version,
  accept,
  key,
  reads,
}: Ask): Promise<Answer<T>> {
  const headers: Record<string, string> = { authorization: `Bearer ${session().session?.token}` };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (version !== undefined) headers["if-match"] = `"${version}"`;
  if (accept) headers.accept = accept;
  if (key) headers["idempotency-key"] = key;
  const received = await send(
    `/v1${path}`,
    { method, headers, body: body === undefined ? null : JSON.stringify(body) },
    reads ?? method === "GET",
  );
  const { status, text } = received;
  if (status === 401) expire();
  if (status < 200 || status > 299) return { ok: false, problem: problemOf(received) };
  const data = text && !accept ? parse(text) : null;
  // The sign-in page of a network, for example, has status 200 and is not JSON.
  if (data === undefined) return { ok: false, problem: problemOf({ status: 0, text: "" }) };
  return { ok: true, data: data as T, text };
}

export const get = <T>(path: string): Promise<Answer<T>> => ask<T>({ method: "GET", path });

/** Appends a query to a path. Omits empty values. */
export function path(base: string, query: Record<string, string | null | undefined>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] =>
    Boolean(entry[1]),
  );
  return given.length === 0 ? base : `${base}?${new URLSearchParams(given)}`;
}

export interface Loaded<T> {
  data: T | null;
  problem: Problem | null;
  isLoading: boolean;
  /** The number of loads so far. Forms use it as a key, to start again after each load. */
  loads: number;
  reload: () => void;
}

/**
 * Loads data from `path`, or from `load`. Keeps the previous data until the next data has arrived, so
 * that the layout does not jump.
 */
export function useLoad<T>(
  path: string | null,
  load: (path: string) => Promise<Answer<T>> = get<T>,
): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, "reload">>({
    data: null,
    problem: null,
    isLoading: true,
    loads: 0,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isWanted = true;
    if (path === null) return;
    setState((before) => ({ ...before, isLoading: true }));
    void load(path).then((answer) => {
      if (!isWanted) return;
      setState((before) =>
        answer.ok
          ? { data: answer.data, problem: null, isLoading: false, loads: before.loads + 1 }
          : { ...before, problem: answer.problem, isLoading: false },
      );
    });
    return () => {
      isWanted = false;
    };
  }, [path, turn]);
  const { session } = useSession();
  useEffect(() => {
    // Repeats a request that failed with 401 when there is a new token.
    if (state.problem?.status === 401) setTurn((n) => n + 1);
  }, [session?.token]);
  return { ...state, reload: useCallback(() => setTurn((n) => n + 1), []) };
}

export interface Action {
  isBusy: boolean;
  problem: Problem | null;
  /**
   * Sends a change. Ignores calls while one is running. After a temporary failure, the same change is
   * sent with the same `Idempotency-Key`.
   */
  run: <T>(request: Ask) => Promise<Answer<T> | null>;
  forget: () => void;
}

export function useAction(): Action {
  const [state, setState] = useState<{ isBusy: boolean; problem: Problem | null }>({
    isBusy: false,
    problem: null,
  });
  const { session } = useSession();
  useEffect(
    () =>
      setState((before) =>
        before.problem?.status === 401 ? { ...before, problem: null } : before,
      ),
    [session?.token],
  );
  const running = useRef(false);
  const sent = useRef<{ request: string; key: string } | null>(null);
  const run = async <T>(request: Ask): Promise<Answer<T> | null> => {
    if (running.current) return null;
    running.current = true;
    setState({ isBusy: true, problem: null });
    const name = JSON.stringify(request);
    if (sent.current?.request !== name) sent.current = { request: name, key: random() };
    const { isUnkeyed, ...asked } = request;
    const answer = await ask<T>(isUnkeyed ? asked : { ...asked, key: sent.current.key });
    if (answer.ok || !isTemporary(answer.problem.status)) sent.current = null;
    running.current = false;
    setState({ isBusy: false, problem: answer.ok ? null : answer.problem });
    return answer;
  };
  return { ...state, run, forget: () => setState({ isBusy: false, problem: null }) };
}
