// better-auth with its organization plugin over SQLite, set up as its documentation says. Prints the URL that it listens on.
import { createServer } from "node:http";
import Database from "better-sqlite3";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { bearer, organization } from "better-auth/plugins";

const database = new Database(process.argv[2]);
// The same settings as those of the local host for a file.
database.pragma("journal_mode = WAL");
database.pragma("synchronous = NORMAL");

const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${server.address().port}`;

const auth = betterAuth({
  baseURL: url,
  secret: "a secret that is long enough for a benchmark on this machine",
  database,
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: "error" },
  plugins: [
    bearer(),
    organization({
      organizationLimit: 1_000_000,
      membershipLimit: 1_000_000,
      invitationLimit: 1_000_000,
      sendInvitationEmail: async () => {},
    }),
  ],
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
server.on("request", toNodeHandler(auth));
console.log(url);
