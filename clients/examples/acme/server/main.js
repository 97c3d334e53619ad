// Starts Acme: its pages, its API and its identity provider.
import { createServer } from "node:http";
import { createAcme } from "./acme.js";

const port = Number(process.env.PORT ?? 5173);
const url = `http://localhost:${port}`;
const acme = createAcme({
  url,
  organizationsUrl: process.env.ORGANIZATIONS_URL ?? "http://127.0.0.1:9000",
});

const server = createServer(acme.handle).listen(port, "localhost", () => {
  console.log(`Acme is running at ${url}. Press Ctrl-C to stop it.`);
});

for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, async () => {
    server.close();
    server.closeAllConnections();
    // Sends the usage that waits.
    await acme.close();
  });
