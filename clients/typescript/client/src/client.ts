import createFetchClient, { type FetchResponse, type MaybeOptionalInit } from "openapi-fetch";
import type { PathsWithMethod, RequiredKeysOf } from "openapi-typescript-helpers";
import { type AccessCheck, type AccessCheckResult, batching } from "./access.ts";
import { errorOf } from "./problem.ts";
import { type RetryOptions, type Send, sendWithRetries } from "./retry.ts";
import type { paths } from "./schema.ts";

/** The settings of a client. */
export interface ClientOptions {
  /** The URL of the API without a path, such as `https://orgs.example.com`. */
  url: string;
  /**
   * Returns the access token of the signed-in person or of the service client. The client calls it
   * for each request and stores no token, so return a cached one.
   *
   * A client serves one caller. On a server, create one for each request of your own users: `can`
   * joins the checks of one client.
   *
   * `rejected` is a token that the API just rejected. If you then return another token, the client
   * sends the request once more.
   */
  getToken?: (rejected?: string) => string | null | undefined | Promise<string | null | undefined>;
  /** How the client repeats requests. */
  retry?: RetryOptions;
  /** Replaces the global `fetch`, for example in tests. */
  fetch?: Send;
}

const CSV = "text/csv";
/** How often `csv` begins again if a statement changes while it reads the pages. */
const CSV_ATTEMPTS_MAX = 3;

type Method = "get" | "post" | "put" | "patch" | "delete";
/** The parameters, the body, and options of `fetch` such as `signal`. */
type Init<P extends keyof paths, M extends Method> = Omit<
  NonNullable<MaybeOptionalInit<paths[P], M>>,
  "baseUrl" | "fetch" | "middleware" | "parseAs"
>;
/** The second argument, which is optional if the operation has no required parameters. */
type InitParam<I> = RequiredKeysOf<I> extends never ? [init?: I] : [init: I];
/** The body of the successful response. Undefined if it has none. */
type Data<P extends keyof paths, M extends Method> =
  FetchResponse<paths[P][M] & {}, object, "application/json"> extends infer R
    ? R extends { error?: never; data: infer D }
      ? D
      : never
    : never;

type Call<M extends Method> = <P extends PathsWithMethod<paths, M>>(
  path: P,
  ...init: InitParam<Init<P, M>>
) => Promise<Data<P, M>>;

/** A path whose response is a page of a list. */
export type ListPath = {
  [P in PathsWithMethod<paths, "get">]: Data<P, "get"> extends {
    data: unknown[];
    next_cursor: string | null;
  }
    ? P
    : never;
}[PathsWithMethod<paths, "get">];
/** A path whose response is CSV if the request asks for it. */
export type CsvPath =
  | "/v1/orgs/{org_id}/usage"
  | "/v1/account/usage"
  | "/v1/accounts/{account_id}/usage"
  | "/v1/accounts/{account_id}/statements/{month}"
  | "/v1/orgs/{org_id}/statements/{month}";
/** An item of a list. */
export type ItemOf<P extends ListPath> = Data<P, "get"> extends { data: (infer T)[] } ? T : never;

/**
 * A client of the Organizations API. Each method takes a path of the API reference with its
 * parameters and body, and returns the body of the response. It throws a `ProblemError` for an
 * error response, and what `fetch` throws if there is no response.
 */
export interface Client {
  get: Call<"get">;
  post: Call<"post">;
  put: Call<"put">;
  patch: Call<"patch">;
  delete: Call<"delete">;
  /** Returns all items of a list, and loads its pages one by one. */
  list<P extends ListPath>(
    path: P,
    ...init: InitParam<Init<P, "get">>
  ): AsyncGenerator<ItemOf<P>, void>;
  /** Returns a usage report, or a statement, as CSV. It loads all pages. */
  csv<P extends CsvPath>(path: P, ...init: InitParam<Init<P, "get">>): Promise<string>;
  /**
   * Checks whether the caller, or the member `as_user_id`, is allowed to do an action. Checks that
   * are made together are sent in one request.
   */
  can(orgId: string, check: AccessCheck): Promise<AccessCheckResult>;
}

/** Returns a new key for the header `Idempotency-Key`: 32 random hex digits. */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Returns the header `If-Match` for a version that you read: `params: { header:
 * ifMatch(org.version) }`.
 */
export function ifMatch(version: number): { "If-Match": string } {
  return { "If-Match": `"${version}"` };
}

/** Waits for a value, and rejects with the signal's reason if it aborts first. */
async function before<T>(value: T | Promise<T>, signal?: AbortSignal | null): Promise<T> {
  if (!signal) return value;
  signal.throwIfAborted();
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Creates a client. */
export function createClient({
  url,
  getToken,
  retry = {},
  fetch: send = (request, init) => fetch(request, init),
}: ClientOptions): Client {
  /**
   * Sends a request with the token, and once more if the API rejects the token and there is
   * another.
   */
  const authorized = async (request: Request, signal?: AbortSignal | null): Promise<Response> => {
    const sendWith = (token?: string | null): Promise<Response> => {
      const copy = request.clone();
      if (token) copy.headers.set("authorization", `Bearer ${token}`);
      return sendWithRetries(send, copy, retry, signal);
    };
    const token = await before(getToken?.(), signal);
    const response = await sendWith(token);
    if (response.status !== 401 || !token) return response;
    const other = await before(getToken?.(token), signal);
    return other && other !== token ? sendWith(other) : response;
  };

  // A redirect would turn a write into a read, or send its body to another host.
  const api = createFetchClient<paths>({ baseUrl: url.replace(/\/+$/, ""), redirect: "manual" });
  api.use({
    onRequest: ({ request }) => {
      // One key per call: the retries send it again.
      if (request.method !== "GET" && !request.headers.has("idempotency-key"))
        request.headers.set("idempotency-key", idempotencyKey());
    },
    onResponse: ({ request, response }) => {
      // The sign-in page of a network, for example, has status 200 and is HTML.
      const type = response.headers.get("content-type") ?? "";
      const wanted = request.headers.get("accept") === CSV ? "csv" : "json";
      if (response.ok && response.status !== 204 && !type.includes(wanted))
        throw errorOf(response, {
          message: `expected ${wanted.toUpperCase()} and got ${type || "no content type"}`,
        });
    },
  });

  // biome-ignore lint/suspicious/noExplicitAny: TypeScript cannot follow the types of a method that is not known.
  type Any = any;
  const sending =
    (method: Method) =>
    async (path: string, init?: Any): Promise<{ data: Any; response: Response }> => {
      // A URL without these segments would be another operation, such as one on the whole
      // organization.
      for (const [name, value] of Object.entries(init?.params?.path ?? {}))
        if (["", ".", ".."].includes(String(value)))
          throw new TypeError(`the path parameter \`${name}\` is \`${value}\``);
      const request = api.request as (...request: Any[]) => Promise<FetchResponse<Any, Any, Any>>;
      const { data, error, response } = await request(method, path, {
        ...init,
        fetch: (request: Request) => authorized(request, init?.signal),
      });
      if (!response.ok) throw errorOf(response, error);
      return { data, response };
    };
  const call = <M extends Method>(method: M): Call<M> => {
    const answered = sending(method);
    return async (path, ...[init]: [init?: Any]) => (await answered(path, init)).data;
  };

  const get = call("get");
  const post = call("post");

  async function* list(path: ListPath, init?: Any): AsyncGenerator<unknown, void> {
    let cursor: string | null | undefined;
    do {
      const query = { ...init?.params?.query, ...(cursor && { cursor }) };
      const page: { data: unknown[]; next_cursor: string | null } = await (get as Any)(path, {
        ...init,
        params: { ...init?.params, query },
      });
      yield* page.data;
      cursor = page.next_cursor;
    } while (cursor);
  }

  const getWithHeaders = sending("get");

  async function csv(path: CsvPath, init?: Any): Promise<string> {
    let text = "";
    let query = init?.params?.query;
    let tag: string | null | undefined;
    let changes = 0;
    for (;;) {
      const { data, response } = await getWithHeaders(path, {
        ...init,
        params: { ...init?.params, query },
        headers: { ...init?.headers, accept: CSV },
        parseAs: "text",
      });
      const tagOfPage = response.headers.get("etag");
      if (tag !== undefined && tag !== tagOfPage) {
        // A statement that is not final changed between two pages.
        changes += 1;
        if (changes === CSV_ATTEMPTS_MAX)
          throw new Error("the statement changes while it is read: request it again");
        [text, query, tag] = ["", init?.params?.query, undefined];
        continue;
      }
      tag = tagOfPage;
      text += data;
      const next = /<[^>?]*\?([^>]*)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1];
      if (next === undefined) return text;
      query = Object.fromEntries(new URLSearchParams(next));
    }
  }

  const can = batching(async (org_id, checks) => {
    const { results } = await post("/v1/orgs/{org_id}/access", {
      params: { path: { org_id } },
      body: { checks },
    });
    return results;
  });

  return {
    get,
    post,
    put: call("put"),
    patch: call("patch"),
    delete: call("delete"),
    list: list as Client["list"],
    csv: csv as Client["csv"],
    can,
  };
}
