import type { Client } from "@organizations/client";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
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
import { en, type Texts } from "./texts/en.ts";
import { Toasts } from "./ui/toasts.tsx";

export interface OrganizationsProviderProps {
  /** The client of the signed-in person. Create another one when another person signs in. */
  client: Client;
  /** The texts. The default is English; `@organizations/react/de` has German. */
  texts?: Texts;
  /** The locale of numbers and dates, such as `en-GB`. The default is the browser's, if it fits the texts. */
  locale?: string;
  /** Called when the API rejects the token. */
  onUnauthorized?: () => void;
  /** Starts a new sign-in. With it, errors about an expired session have a button. */
  onSignIn?: () => void;
  /** A value that changes when the person has signed in again. Requests that failed are then repeated. */
  session?: string | number;
  /** Shows a short message, such as "Saved". The default is a message in the corner of the page. */
  onMessage?: (text: string) => void;
  children: ReactNode;
}

export interface Organizations {
  client: Client;
  texts: Texts;
  format: Format;
  showMessage: (text: string) => void;
  onSignIn: (() => void) | undefined;
  session: string | number | undefined;
  /** Reports an error of a change, as the cache does for reads. */
  onError: (error: unknown) => void;
}

const Context = createContext<Organizations | null>(null);

/** Returns the client, the texts and the formats of the provider. */
export function useOrganizations(): Organizations {
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
  locale,
  onUnauthorized,
  onSignIn,
  session,
  onMessage,
  children,
}: OrganizationsProviderProps) {
  const unauthorized = useRef(onUnauthorized);
  unauthorized.current = onUnauthorized;
  const onError = useCallback((error: unknown) => {
    if (isUnauthorized(error)) unauthorized.current?.();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another client is another person, who must not see the same data
  const cache = useMemo(() => createCache(onError), [client, onError]);
  const [messages, setMessages] = useState<{ text: string; at: number } | null>(null);
  const value = useMemo<Organizations>(
    () => ({
      client,
      texts,
      format: makeFormat(locale ?? defaultLocale(texts.language)),
      showMessage:
        onMessage ?? ((text) => setMessages((last) => ({ text, at: (last?.at ?? 0) + 1 }))),
      onSignIn,
      session,
      onError,
    }),
    [client, texts, locale, onMessage, onSignIn, session, onError],
  );
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new session is what it waits for
  useEffect(() => {
    if (!isFirst.current)
      void cache.refetchQueries({
        type: "active",
        predicate: ({ state }) => isUnauthorized(state.error),
      });
    isFirst.current = false;
  }, [session, cache]);
  return (
    <Context.Provider value={value}>
      <QueryClientProvider client={cache}>
        {children}
        {!onMessage && <Toasts message={messages} />}
      </QueryClientProvider>
    </Context.Provider>
  );
}

function createCache(onError: (error: unknown) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    defaultOptions: {
      // The client repeats requests itself, and notices a lost connection itself.
      queries: { retry: false, networkMode: "always", refetchOnWindowFocus: false },
    },
  });
}
