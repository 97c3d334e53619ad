// The server of Acme: the pages, the API and the identity provider behind one address.
import { fileURLToPath } from "node:url";
import express from "express";
import { createApi } from "./api.js";
import { AUDIENCE, createIdentityProvider } from "./identity-provider.js";
import { createOrganizations } from "./organizations.js";
import { createTokens } from "./tokens.js";

const pages = fileURLToPath(new URL("../dist", import.meta.url));

/**
 * Creates the server. `url` is its own address, and `organizationsUrl` that of the Organizations
 * API, both without a slash at the end. `close` ends the runs after their current step, and sends
 * the usage that waits.
 *
 * @param {{ url: string, organizationsUrl: string, stepMilliseconds?: number }} options
 */
export function createAcme({ url, organizationsUrl, stepMilliseconds = 800 }) {
  const identityProvider = createIdentityProvider({ url, organizationsUrl });
  const tokens = createTokens({ ...identityProvider, audience: AUDIENCE });
  const organizations = createOrganizations({ url: organizationsUrl, getToken: tokens.service });
  const api = createApi({ personOf: tokens.personOf, organizations, stepMilliseconds });
  const app = express().disable("x-powered-by");
  app.use((_request, response, next) => {
    response.set({
      "content-security-policy": [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        `connect-src 'self' ${organizationsUrl}`,
        // After the sign-in form, the provider redirects to the page that asked for it.
        `form-action 'self' ${organizationsUrl}`,
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join("; "),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
    next();
  });
  app.get("/api/settings", (_request, response) => {
    const { issuer, clientId } = identityProvider;
    response.json({ organizationsUrl, issuer, clientId });
  });
  app.use("/api", api.routes);
  app.use(identityProvider.pages);
  app.use(express.static(pages));
  return {
    handle: app,
    async close() {
      await api.close();
      await organizations.close();
    },
  };
}
