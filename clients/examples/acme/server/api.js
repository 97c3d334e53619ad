// Acme's own API: the instructions of agents, and their runs.
import { isProblem } from "@organizations/client";
import express from "express";
import { runAgent } from "./agent.js";

/**
 * @typedef {import("./organizations.js").AccessCheck} AccessCheck
 * @typedef {import("./organizations.js").Refusal} Refusal
 */

/** @param {import("express").Response} response @param {Refusal} refusal */
function refuse(response, refusal) {
  // Nobody learns from Acme that an organization or an agent of others exists.
  const isUnknown = refusal.code.endsWith("_not_found");
  response.status(isUnknown ? 404 : 403).json(refusal);
}

/**
 * @param {{
 *   identityProvider: ReturnType<typeof import("./identity-provider.js").createIdentityProvider>,
 *   organizations: ReturnType<typeof import("./organizations.js").createOrganizations>,
 *   stepMilliseconds: number,
 * }} options
 */
export function createApi({ identityProvider, organizations, stepMilliseconds }) {
  /** Acme's own data. A real product has a database. @type {Map<string, string>} */
  const instructions = new Map();
  const api = express.Router();

  api.use(async (request, response, next) => {
    const [, token = ""] = request.headers.authorization?.match(/^bearer (.+)$/i) ?? [];
    try {
      response.locals.personId = await identityProvider.personOf(token);
    } catch {
      response.status(401).json({ code: "unauthorized", detail: "Sign in again." });
      return;
    }
    next();
  });

  /**
   * Lets a request pass if Organizations allows the action on the agent.
   *
   * @param {(request: import("express").Request) => Omit<AccessCheck, "resource_id">} check
   * @returns {import("express").RequestHandler<{ orgId: string, agentId: string }>}
   */
  const allow = (check) => async (request, response, next) => {
    const { orgId, agentId } = request.params;
    const wanted = { ...check(/** @type {any} */ (request)), resource_id: agentId };
    const refusal = await organizations.refusal(orgId, response.locals.personId, wanted);
    if (refusal) refuse(response, refusal);
    else next();
  };

  api.get(
    "/orgs/:orgId/agents/:agentId",
    allow(() => ({ action: "get_resource" })),
    (request, response) => {
      response.json({ instructions: instructions.get(request.params.agentId) ?? "" });
    },
  );

  api.put(
    "/orgs/:orgId/agents/:agentId",
    allow(() => ({ action: "update_resource" })),
    express.json({ limit: "20kb" }),
    (request, response) => {
      const text = request.body?.instructions;
      if (typeof text !== "string") {
        response.status(422).json({ code: "invalid", detail: "`instructions` must be a text." });
        return;
      }
      instructions.set(request.params.agentId, text);
      response.json({ instructions: text });
    },
  );

  // Streams the steps of a run, one JSON object per line.
  api.post("/orgs/:orgId/agents/:agentId/runs", async (request, response) => {
    const { orgId, agentId } = request.params;
    const { personId } = response.locals;
    const run = runAgent({ organizations, orgId, agentId, personId, stepMilliseconds });
    const first = await run.next();
    if (!first.done && first.value.refusal) {
      refuse(response, first.value.refusal);
      return;
    }
    response.type("application/x-ndjson");
    // When the person leaves, the run stops before its next step.
    response.on("close", () => void run.return());
    for (let next = first; !next.done; next = await run.next())
      response.write(`${JSON.stringify(next.value)}\n`);
    response.end();
  });

  api.use((_request, response) => {
    response.status(404).json({ code: "not_found", detail: "There is no such route." });
  });

  /** @type {import("express").ErrorRequestHandler} */
  const failed = (error, _request, response, _next) => {
    if (response.headersSent) {
      // The stream ends before its last line, which the page reports.
      response.destroy();
      console.error(error);
      return;
    }
    // A body that Express refused has its own status.
    const isUnknown = isProblem(error, "org_not_found");
    const status = isUnknown ? 404 : isProblem(error) ? 502 : (error.status ?? 502);
    if (status >= 500) console.error(error);
    response.status(status).json({ code: error.code ?? "failed", detail: error.message });
  };
  api.use(failed);
  return api;
}
