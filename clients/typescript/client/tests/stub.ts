import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the stub received. */
export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: unknown;
}

/** A response of the stub. A `null` closes the connection without a response; "hang" sends none. */
export type Reply =
  | { status: number; body?: unknown; headers?: Record<string, string> }
  | null
  | "hang";

/** Starts an HTTP server that answers with `reply`, and records the requests. */
export async function stub(
  reply: (received: Received, count: number) => Reply,
): Promise<{ url: string; received: Received[]; close: () => void }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => {
      text += part;
    });
    request.on("end", () => {
      const one = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body: text ? JSON.parse(text) : undefined,
      };
      received.push(one);
      const answer = reply(one, received.length);
      if (answer === "hang") return;
      if (answer === null) {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      response.end(
        typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {}),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, received, close };
}

export const problem = (status: number, code: string, headers = {}): Reply => ({
  status,
  headers: { "content-type": "application/problem+json", ...headers },
  body: {
    type: `urn:organizations:problem:${code}`,
    title: code,
    status,
    code,
    detail: "no",
    request_id: "r1",
  },
});

/** Resolves when `condition` is true. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
