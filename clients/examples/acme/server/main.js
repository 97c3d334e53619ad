// Starts Acme: its pages, its API and its identity provider.
import { createServer } from "node:http";
import { createAcme } from "./acme.js";

const port = Number(process.env.PORT ?? 5173);
const url = `http://localhost:${port}`;
const organizationsUrl = process.env.ORGANIZATIONS_URL ?? "http://127.0.0.1:9000";
const acme = createAcme({ url, organizationsUrl: organizationsUrl.replace(/\/$/, "") });

const server = createServer(acme.handle);
server.on("error", (error) => {
  console.error(`Acme cannot listen on ${url}: ${error.message}`);
  process.exitCode = 1;
});
server.listen(port, "localhost", () => {
  console.log(`Acme is running at ${url}. Press Ctrl-C to stop it.`);
});

async function stop() {
  // The server still answers, because the identity provider is part of it.
  await acme.close().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
  server.close();
  server.closeAllConnections();
}
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void stop());
