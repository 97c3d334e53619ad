// The server of Acme: the pages, the API and the identity provider behind one address.
import { fileURLToPath } from "node:url";
import express from "express";
import { createApi } from "./api.js";
import { createIdentityProvider } from "./identity-provider.js";
import { createOrganizations } from "./organizations.js";

const pages = fileURLToPath(new URL("../dist", import.meta.url));

/**
 * Creates the server. `url` is its own address, without a slash at the end, and `organizationsUrl`
 * the address of the Organizations API. `close` sends the usage that was not sent yet.
 *
 * @param {{ url: string, organizationsUrl: string, stepMilliseconds?: number }} options
 */
export function createAcme({ url, organizationsUrl, stepMilliseconds = 800 }) {
  const identityProvider = createIdentityProvider({ url, organizationsUrl });
  const organizations = createOrganizations({
    url: organizationsUrl,
    token: identityProvider.serviceToken,
  });
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
    const { issuer } = identityProvider;
    response.json({ organizationsUrl, issuer, clientId: "acme" });
  });
  app.use("/api", createApi({ identityProvider, organizations, stepMilliseconds }));
  app.use(identityProvider.pages);
  app.use(express.static(pages));
  return { handle: app, close: () => organizations.usage.close() };
}
