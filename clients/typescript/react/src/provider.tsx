import { PortalContext } from "@ariakit/react";
import type { Client } from "@organizations/client";
import { QueryCache, QueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { isUnauthorized } from "./failure.ts";
import { type Format, makeFormat } from "./format.ts";
import type { ProviderSettings } from "./provider-settings.ts";
import { en, type Texts } from "./texts/en.ts";
import { Toasts } from "./ui/toasts.tsx";

export interface OrganizationsProviderProps extends ProviderSettings {
  children: ReactNode;
}

export interface Organizations {
  client: Client;
  texts: Texts;
  format: Format;
  showMessage: (text: string) => void;
  onSignIn: (() => void) | undefined;
}

/** What only the components use. */
export interface Internals extends Organizations {
  store: Store;
  session: string | number | undefined;
}

/** What belongs to one client. Providers with the same client share it. */
export interface Store {
  /** Begins the keys of the client's data, and tells its components from those of another client. */
  id: number;
  cache: QueryClient;
  /** What the providers do when the API rejects the token. */
  handlers: Set<{ current: (() => void) | undefined }>;
}

const stores = new WeakMap<Client, Store>();
let lastId = 0;
/**
 * A mounted component keeps the cache that it had first, so all clients share one in a browser. A
 * server forgets the data of each client with the client.
 */
const browserCache = typeof window === "undefined" ? null : createCache();

function storeOf(client: Client): Store {
  let store = stores.get(client);
  if (!store) {
    lastId += 1;
    store = { id: lastId, cache: browserCache ?? createCache(), handlers: new Set() };
    stores.set(client, store);
  }
  return store;
}

/** Tells the providers of a client that the API rejected the token, if that is the error. */
export function reportUnauthorized(store: Store, error: unknown): void {
  if (!isUnauthorized(error)) return;
  // Custom elements have a provider each, with the same function.
  for (const handler of new Set([...store.handlers].map(({ current }) => current))) handler?.();
}

function createCache(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, { meta }) => reportUnauthorized(meta?.store as Store, error),
    }),
    defaultOptions: {
      // The client repeats requests itself, and notices a lost connection itself.
      queries: { retry: false, networkMode: "always", refetchOnWindowFocus: false },
    },
  });
}

const Context = createContext<Internals | null>(null);

/** Returns the client, the texts and the formats of the provider. */
export function useOrganizations(): Organizations {
  return useInternals();
}

export function useInternals(): Internals {
  const value = useContext(Context);
  if (!value) throw new Error("render this component inside <OrganizationsProvider>");
  return value;
}

/** The locale of the browser, if it has the language of the texts. */
function defaultLocale(language: string): string {
  const own = typeof navigator === "undefined" ? [] : (navigator.languages ?? []);
  return own.find((tag) => tag.split("-")[0] === language) ?? language;
}

/** Gives the components their client and their texts. */
export function OrganizationsProvider({
  client,
  texts = en,
  locale = defaultLocale(texts.language),
  onUnauthorized,
  onSignIn,
  session,
  onMessage,
  portal = null,
  children,
}: OrganizationsProviderProps) {
  const [message, setMessage] = useState<{ text: string; at: number } | null>(null);
  const store = storeOf(client);
  const handlers = useRef({ onSignIn, onMessage });
  handlers.current = { onSignIn, onMessage };
  const unauthorized = useRef(onUnauthorized);
  unauthorized.current = onUnauthorized;
  useEffect(() => {
    store.handlers.add(unauthorized);
    return () => void store.handlers.delete(unauthorized);
  }, [store]);
  const showMessage = useCallback((text: string) => {
    if (handlers.current.onMessage) handlers.current.onMessage(text);
    else setMessage((last) => ({ text, at: (last?.at ?? 0) + 1 }));
  }, []);
  const signIn = useCallback(() => handlers.current.onSignIn?.(), []);
  const format = useMemo(() => makeFormat(locale), [locale]);
  const canSignIn = onSignIn !== undefined;
  const value = useMemo<Internals>(
    () => ({
      client,
      texts,
      format,
      showMessage,
      onSignIn: canSignIn ? signIn : undefined,
      store,
      session,
    }),
    [client, texts, format, showMessage, canSignIn, signIn, store, session],
  );
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new session is what it waits for
  useEffect(() => {
    // A rejected token can look like a lost connection: the response of a gateway may lack CORS
    // headers.
    if (!isFirst.current)
      void store.cache.refetchQueries({
        type: "active",
        queryKey: [store.id],
        predicate: ({ state }) => state.error !== null,
      });
    isFirst.current = false;
  }, [session, store]);
  return (
    <Context.Provider value={value}>
      <PortalContext.Provider value={portal}>
        {children}
        <Toasts message={message} />
      </PortalContext.Provider>
    </Context.Provider>
  );
}
