import {
  type AccessCheck,
  type AccessCheckResult,
  type Client,
  idempotencyKey,
} from "@organizations/client";
import { type QueryKey, useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { type Failure, failureOf, isTemporary } from "./failure.ts";
import { reportUnauthorized, useInternals } from "./provider.tsx";
import type { Me, Org, Page } from "./types.ts";

/** The keys of the cache. Everything about an organization begins with the same key. */
export const keys = {
  me: ["me"],
  orgs: ["orgs"],
  myInvitations: ["invitations"],
  account: ["account"],
  org: (orgId: string) => ["org", orgId],
} as const;

type Load<T> = (client: Client, signal: AbortSignal) => Promise<T>;

/** Data of the API, and what to show while it is not there. */
export interface Loaded<T> {
  data: T | undefined;
  failure: Failure | null;
  isLoading: boolean;
  reload: () => void;
}

/**
 * Loads data into the cache under a key, which has everything that `load` depends on.
 * `keepsPrevious` shows the data of the previous key until there is other data.
 */
export function useLoad<T>(
  key: QueryKey,
  load: Load<T>,
  {
    isEnabled = true,
    keepsPrevious = false,
  }: { isEnabled?: boolean; keepsPrevious?: boolean } = {},
): Loaded<T> {
  const { client, store } = useInternals();
  const { data, error, isFetching, refetch } = useQuery<unknown>(
    {
      queryKey: [store.id, ...key],
      queryFn: ({ signal }) => load(client, signal),
      enabled: isEnabled,
      meta: { store },
      // Data of another client is data of another person.
      placeholderData: (previous: unknown, query?: { queryKey: QueryKey }) =>
        keepsPrevious && query?.queryKey[0] === store.id ? previous : undefined,
    },
    store.cache,
  );
  return {
    data: data as T | undefined,
    failure: error ? failureOf(error) : null,
    isLoading: isFetching,
    reload: useCallback(() => void refetch(), [refetch]),
  };
}

/** Returns a function that loads again what begins with a key. */
export function useInvalidate(): (key: QueryKey) => void {
  const { store } = useInternals();
  return (key) => void store.cache.invalidateQueries({ queryKey: [store.id, ...key] });
}

/** The signed-in person. */
export const useMe = (): Loaded<Me> =>
  useLoad(keys.me, (client, signal) => client.get("/v1/me", { signal }));

/** An organization of the signed-in person. */
export const useOrganization = (orgId: string): Loaded<Org> =>
  useLoad(
    [...keys.org(orgId), "self"],
    async (client, signal) => {
      const params = { path: { org_id: orgId } };
      return (await client.get("/v1/orgs/{org_id}", { params, signal })) as Org;
    },
    { isEnabled: orgId !== "" },
  );

/** The first 100 organizations of the signed-in person. */
export const useOrganizationList = (): Loaded<Page<Org>> =>
  useLoad([...keys.orgs, "first"], async (client, signal) => {
    const params = { query: { limit: 100 } };
    return (await client.get("/v1/orgs", { params, signal })) as Page<Org>;
  });

/**
 * Checks whether the signed-in person is allowed to do an action. Undefined until the result is
 * there. The checks of all components of a page are one request.
 */
export function useAccess(
  orgId: string,
  check: AccessCheck,
  { isEnabled = true }: { isEnabled?: boolean } = {},
): AccessCheckResult | undefined {
  return useAccessCheck(orgId, check, isEnabled).data;
}

/** As `useAccess`, with what to show until the result is there. */
export const useAccessCheck = (
  orgId: string,
  check: AccessCheck,
  isEnabled = true,
): Loaded<AccessCheckResult> =>
  useLoad([...keys.org(orgId), "access", check], (client) => client.can(orgId, check), {
    isEnabled,
  });

/** The results of several checks. */
export interface AccessResults {
  resultOf: (check: AccessCheck) => AccessCheckResult | undefined;
  failure: Failure | null;
  reload: () => void;
}

/** Checks several actions at once. */
export function useAccessAll(orgId: string, checks: AccessCheck[]): AccessResults {
  const { data, failure, reload } = useLoad(
    [...keys.org(orgId), "access-all", checks],
    async (client) => {
      const results = await Promise.all(checks.map((check) => client.can(orgId, check)));
      return new Map(checks.map((check, at) => [JSON.stringify(check), results[at]]));
    },
    { isEnabled: checks.length > 0, keepsPrevious: true },
  );
  // The results can be those of the previous checks, so they are found by the check.
  return { resultOf: (check) => data?.get(JSON.stringify(check)), failure, reload };
}

/** A list of the API, page by page. */
export interface Pages<T> extends Loaded<Page<T>> {
  hasPrevious: boolean;
  showPrevious: () => void;
  showNext: () => void;
}

/** Loads a list page by page. Keeps the previous page until the next one is there. */
export function usePages<T>(
  key: QueryKey,
  load: (client: Client, cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
): Pages<T> {
  const { store } = useInternals();
  const list = JSON.stringify([store.id, key]);
  const [position, setPosition] = useState<{ list: string; cursors: string[] }>({
    list,
    cursors: [],
  });
  // Another filter starts at its first page.
  const cursors = position.list === list ? position.cursors : [];
  const cursor = cursors.at(-1);
  const page = useLoad([...key, cursor ?? null], (client, signal) => load(client, cursor, signal), {
    keepsPrevious: true,
  });
  const { data, isLoading } = page;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page is skipped once, when it arrives
  useEffect(() => {
    // With a filter, a page can be empty although more pages follow. Skip it.
    if (!isLoading && data?.data.length === 0 && data.next_cursor)
      setPosition({ list, cursors: [...cursors.slice(0, -1), data.next_cursor] });
  }, [data, isLoading]);
  return {
    ...page,
    hasPrevious: cursors.length > 0,
    showPrevious: () => setPosition({ list, cursors: cursors.slice(0, -1) }),
    showNext: () => {
      if (data?.next_cursor) setPosition({ list, cursors: [...cursors, data.next_cursor] });
    },
  };
}

/** A change, and what to show while it runs and after it failed. */
export interface Action {
  isBusy: boolean;
  failure: Failure | null;
  /**
   * Sends a change, and loads again what `invalidates` names. Returns null if it failed, or if
   * another one is running. After a temporary failure the same `intent` is sent with the same
   * `Idempotency-Key`, so that it happens once.
   */
  run: <T>(intent: unknown, send: Send<T>) => Promise<{ data: T } | null>;
  forget: () => void;
}

type Send<T> = (client: Client, init: { headers: Record<string, string> }) => Promise<T>;

export function useAction(invalidates: readonly QueryKey[]): Action {
  const { client, session, store } = useInternals();
  const invalidate = useInvalidate();
  const [state, setState] = useState<{ isBusy: boolean; failure: Failure | null }>({
    isBusy: false,
    failure: null,
  });
  const isRunning = useRef(false);
  const sent = useRef<{ intent: string; key: string } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with a new session, an expired one is no failure
  useEffect(
    () => setState((last) => (last.failure?.status === 401 ? { ...last, failure: null } : last)),
    [session],
  );
  const run = async <T>(intent: unknown, send: Send<T>): Promise<{ data: T } | null> => {
    if (isRunning.current) return null;
    isRunning.current = true;
    setState({ isBusy: true, failure: null });
    const name = JSON.stringify([store.id, intent]);
    if (sent.current?.intent !== name) sent.current = { intent: name, key: idempotencyKey() };
    const headers = { "Idempotency-Key": sent.current.key };
    try {
      const data = await send(client, { headers });
      sent.current = null;
      setState({ isBusy: false, failure: null });
      for (const key of invalidates) invalidate(key);
      return { data };
    } catch (error) {
      reportUnauthorized(store, error);
      const failure = failureOf(error);
      // After a new sign-in the same change must still happen once.
      if (!isTemporary(failure.status) && failure.status !== 401) sent.current = null;
      setState({ isBusy: false, failure });
      return null;
    } finally {
      isRunning.current = false;
    }
  };
  const forget = useCallback(() => setState((last) => ({ ...last, failure: null })), []);
  return { ...state, run, forget };
}
