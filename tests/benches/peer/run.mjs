// Runs the same scenario against better-auth and the local host in turn (default: three rounds each), and prints the actions per second
// and the ratio. Both keep their data in a SQLite file.
//
//   npm ci && node run.mjs <the local host's binary> [rounds] [seconds]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import autocannon from "autocannon";
import { BetterAuth, Organizations } from "./targets.mjs";

const [binary, rounds = "3", seconds = "8"] = process.argv.slice(2);
if (!binary) throw new Error("usage: node run.mjs <the local host's binary> [rounds] [seconds]");
const CLIENTS = 8;
const MEMBERS = 10;

const here = new URL(".", import.meta.url).pathname;
const PEERS = {
  "better-auth": {
    start: (folder) => [process.execPath, [join(here, "better-auth.mjs"), join(folder, "data.db")]],
    url: (line) => line,
    client: BetterAuth,
  },
  organizations: {
    start: (folder) => [binary, ["--data", join(folder, "data.db"), "--addr", "127.0.0.1:0", "--rate-limits", "off"]],
    url: (line) => line.match(/^listening on (.*)$/)?.[1],
    client: Organizations,
  },
};

/** Starts a server with its own folder. Returns its URL and a function that stops it. */
async function start(peer) {
  const folder = mkdtempSync(join(tmpdir(), "peer-"));
  const [command, args] = peer.start(folder);
  const env = { ...process.env, ORGS_PER_CREATOR: "1000000", NODE_ENV: "production" };
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => peer.url(line) && resolve(peer.url(line)));
    child.on("exit", (code) => reject(new Error(`${command} ended with ${code}`)));
  });
  const stop = async () => {
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.removeAllListeners("exit").on("exit", () => {});
    const gone = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGKILL");
    await Promise.race([ended, gone]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, stop };
}

/** Runs the scenario repeatedly with several clients. Returns the actions per second of all clients. */
async function scenario(client) {
  const people = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, i) => [await client.person(`owner${i}`), await client.person(`guest${i}`)]),
  );
  const play = async ([owner, guest], name) => {
    const org = await client.create(owner, name);
    const invitation = await client.invite(owner, org, guest.email);
    const member = await client.accept(guest, org, invitation);
    await client.changeRole(owner, org, member);
    const members = await client.members(owner, org);
    if (members.length !== 2) throw new Error(`${members.length} members`);
    await client.remove(owner, org, member);
    return 6;
  };
  const timed = async (duration, label) => {
    const began = performance.now();
    let actions = 0;
    await Promise.all(
      people.map(async (pair, i) => {
        for (let n = 0; performance.now() - began < duration; n++) {
          const played = await play(pair, `${label}-${i}-${n}`);
          actions += played;
        }
      }),
    );
    return (actions * 1000) / (performance.now() - began);
  };
  await timed(1000, "warm");
  return timed(Number(seconds) * 1000, "timed");
}

/** Lists the ten members of an organization repeatedly. Returns the requests per second. */
async function list(client, url) {
  const owner = await client.person("lister");
  const org = await client.create(owner, "listed");
  for (let i = 1; i < MEMBERS; i++) {
    const guest = await client.person(`listed${i}`);
    await client.accept(guest, org, await client.invite(owner, org, guest.email));
  }
  const listed = (await client.members(owner, org)).length;
  if (listed !== MEMBERS) throw new Error(`${listed} members`);
  const headers = { authorization: `Bearer ${owner.token}` };
  const options = { url: `${url}${client.membersPath(org)}`, headers, connections: CLIENTS };
  await autocannon({ ...options, duration: 1 });
  const result = await autocannon({ ...options, duration: Number(seconds) });
  if (result.non2xx || result.errors) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`);
  return result["2xx"] / result.duration;
}

const seen = { scenario: {}, list_members: {} };
for (let round = 1; round <= Number(rounds); round++) {
  const turn = Object.entries(PEERS);
  if (round % 2 === 0) turn.reverse();
  for (const [name, peer] of turn) {
    const { url, stop } = await start(peer);
    const client = new peer.client(url, CLIENTS);
    try {
      (seen.scenario[name] ??= []).push(await scenario(client));
      (seen.list_members[name] ??= []).push(await list(client, url));
    } finally {
      await client.close();
      await stop();
    }
  }
}

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const names = Object.keys(PEERS);
console.log(`| actions per second | ${names.join(" | ")} | ratio |\n|---|---|---|---|`);
for (const [what, rates] of Object.entries(seen)) {
  const cells = names.map((name) => `${Math.round(middle(rates[name]))} (${rates[name].map(Math.round).join(", ")})`);
  console.log(`| ${what} | ${cells.join(" | ")} | ${(middle(rates[names[1]]) / middle(rates[names[0]])).toFixed(1)} × |`);
}
process.exit(0);
