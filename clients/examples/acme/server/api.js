// Acme's own API: the instructions of agents, and their runs.
import { isProblem } from "@organizations/client";
import express from "express";
import { runAgent } from "./agent.js";

/** @typedef {import("./organizations.js").Refusal} Refusal */

/** @param {express.Response} response @param {Refusal} refusal */
function refuse(response, refusal) {
  // The same answer for everything that a person cannot see, whether it exists or not.
  if (refusal.code.endsWith("_not_found"))
    response.status(404).json({ code: "not_found", detail: "There is no such agent." });
  else response.status(403).json(refusal);
}

/**
 * Creates the API. `close` ends the runs after their current step.
 *
 * @param {{
 *   personOf: (token: string) => Promise<string>,
 *   organizations: ReturnType<typeof import("./organizations.js").createOrganizations>,
 *   stepMilliseconds: number,
 * }} options
 */
export function createApi({ personOf, organizations, stepMilliseconds }) {
  /** Acme's own data. A real product has a database. @type {Map<string, string>} */
  const instructions = new Map();
  /** The runs in progress. @type {Set<Promise<void>>} */
  const runs = new Set();
  const closing = new AbortController();
  const routes = express.Router();

  routes.use(async (request, response, next) => {
    const [, token = ""] = request.headers.authorization?.match(/^bearer (.+)$/i) ?? [];
    try {
      response.locals.personId = await personOf(token);
    } catch {
      response.status(401).json({ code: "unauthorized", detail: "Sign in again." });
      return;
    }
    next();
  });

  /**
   * Lets a request pass if Organizations allows the action on the agent.
   *
   * @param {string} action
   * @returns {express.RequestHandler<{ orgId: string, agentId: string }>}
   */
  const allow = (action) => async (request, response, next) => {
    const { orgId, agentId } = request.params;
    const { personId } = response.locals;
    const refusal = await organizations.refusal(orgId, personId, { action, resource_id: agentId });
    if (refusal) refuse(response, refusal);
    else next();
  };

  routes.get("/orgs/:orgId/agents/:agentId", allow("get_resource"), (request, response) => {
    const { orgId, agentId } = request.params;
    response.json({ instructions: instructions.get(`${orgId}/${agentId}`) ?? "" });
  });

  routes.put(
    "/orgs/:orgId/agents/:agentId",
    allow("update_resource"),
    express.json({ limit: "20kb" }),
    (request, response) => {
      const { orgId, agentId } = request.params;
      const text = request.body?.instructions;
      if (typeof text !== "string") {
        response.status(422).json({ code: "invalid", detail: "`instructions` must be a text." });
        return;
      }
      instructions.set(`${orgId}/${agentId}`, text);
      response.json({ instructions: text });
    },
  );

  // Streams the steps of a run, one JSON object per line.
  routes.post("/orgs/:orgId/agents/:agentId/runs", async (request, response) => {
    const leaving = new AbortController();
    response.on("close", () => leaving.abort());
    const signal = AbortSignal.any([leaving.signal, closing.signal]);
    const { orgId, agentId } = request.params;
    const { personId } = response.locals;
    const run = runAgent({ organizations, orgId, agentId, personId, stepMilliseconds, signal });
    const streaming = stream(run, response);
    runs.add(streaming);
    await streaming.finally(() => runs.delete(streaming));
  });

  routes.use((_request, response) => {
    response.status(404).json({ code: "not_found", detail: "There is no such route." });
  });

  /** @type {express.ErrorRequestHandler} */
  const failed = (error, _request, response, _next) => {
    if (response.headersSent) {
      // The stream has no last line, which the page reports.
      console.error(error);
      response.destroy();
      return;
    }
    // Organizations has no such organization, or Acme's client misses a scope.
    if (isProblem(error, "org_not_found")) {
      refuse(response, { code: error.code, detail: "", required_role: null });
      return;
    }
    // A request that Express refused, such as a body that is too large.
    if (!isProblem(error) && error.status >= 400 && error.status < 500) {
      response.status(error.status).json({ code: "invalid", detail: "The request is invalid." });
      return;
    }
    console.error(error);
    response.status(502).json({ code: "failed", detail: "Acme cannot do this now. Try again." });
  };
  routes.use(failed);

  return {
    routes,
    async close() {
      closing.abort();
      await Promise.allSettled(runs);
    },
  };
}

/**
 * Sends the lines of a run. A refusal of the first step is an error response.
 *
 * @param {ReturnType<typeof runAgent>} run @param {express.Response} response
 */
async function stream(run, response) {
  for await (const line of run) {
    if (line.refusal && !response.headersSent) {
      refuse(response, line.refusal);
      return;
    }
    if (!response.headersSent) response.type("application/x-ndjson");
    response.write(`${JSON.stringify(line)}\n`);
  }
  response.end();
}
