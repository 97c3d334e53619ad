// The identity provider of Acme: oidc-provider, with a sign-in page that asks for no password.
// Replace this file with your own provider: Auth0, Cognito, Keycloak, or another.
import { createHash, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import express from "express";
import Provider, { errors } from "oidc-provider";

/** The audience of access tokens, for Acme's API and the Organizations API. */
export const AUDIENCE = "urn:acme:api";
/** The client of Acme's pages. */
const PAGES = "acme";
/** The client of Acme's server. Organizations must list it in `SERVICE_CLIENTS`. */
const SERVER = "acme-server";
const fileOf = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const signOutPage = readFileSync(fileOf("sign-out.html"), "utf8");

/**
 * Creates the provider, with a new signing key. Its sessions are in memory.
 *
 * @param {{ url: string, organizationsUrl: string }} options
 */
export function createIdentityProvider({ url, organizationsUrl }) {
  const issuer = `${url}/oidc`;
  const secret = randomBytes(32).toString("base64url");
  /** The people who signed in, by id. @type {Map<string, { email: string, name: string }>} */
  const people = new Map();

  /** The claims of a person, as the tokens have them. @param {string} id */
  const claimsOf = (id) => {
    const person = people.get(id);
    return person && { sub: id, ...person, email_verified: true };
  };

  /** @type {Provider} */
  const provider = new Provider(issuer, {
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString("base64url")] },
    clients: [
      {
        client_id: PAGES,
        token_endpoint_auth_method: "none",
        redirect_uris: [`${url}/`],
        post_logout_redirect_uris: [`${url}/`],
      },
      {
        // The page behind an invitation link, and the console. They send the ID token, whose
        // audience is this client.
        client_id: "organizations",
        token_endpoint_auth_method: "none",
        redirect_uris: [`${organizationsUrl}/invitations`, `${organizationsUrl}/`],
      },
      {
        client_id: SERVER,
        client_secret: secret,
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      },
    ],
    // Pages exchange their code from their own origin.
    clientBasedCORS: (_context, origin, client) =>
      (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin),
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    // The ID token has the person's claims too.
    conformIdTokenClaims: false,
    findAccount: (_context, id) => {
      const claims = claimsOf(id);
      return claims && { accountId: id, claims: () => claims };
    },
    // Access tokens have the claims that Organizations reads.
    extraTokenClaims: (_context, token) =>
      "accountId" in token ? claimsOf(token.accountId) : undefined,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      rpInitiatedLogout: {
        logoutSource: (context, form) => {
          context.body = signOutPage.replace("{{ form }}", form);
        },
      },
      // Access tokens are JWTs for one audience, which no client needs to ask for.
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource, client) => {
          if (resource !== AUDIENCE) throw new errors.InvalidTarget();
          return {
            audience: AUDIENCE,
            // Only the server is a service client.
            scope: client.clientId === SERVER ? "usage:write access:check" : "",
            accessTokenFormat: "jwt",
            accessTokenTTL: 3600,
            jwt: { sign: { alg: "RS256" } },
          };
        },
      },
    },
    ttl: {
      AccessToken: 3600,
      ClientCredentials: 3600,
      Grant: 86_400,
      IdToken: 3600,
      Interaction: 3600,
      Session: 86_400,
    },
    interactions: { url: (_context, { uid }) => `/sign-in/${uid}` },
    // The clients are Acme's own, so nobody is asked for consent.
    loadExistingGrant: async ({ oidc: { client, session } }) => {
      const grant = new provider.Grant({
        clientId: client?.clientId,
        accountId: session?.accountId,
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  });

  const pages = express.Router();
  pages.get("/sign-in.css", (_request, response) => response.sendFile(fileOf("sign-in.css")));
  // Throws if this browser did not begin a sign-in here.
  pages.use("/sign-in/:id", async (request, response, next) => {
    const { prompt } = await provider.interactionDetails(request, response);
    if (prompt.name !== "login") throw new errors.AccessDenied();
    next();
  });
  pages.get("/sign-in/:id", (_request, response) => response.sendFile(fileOf("sign-in.html")));
  pages.post("/sign-in/:id", express.urlencoded({ extended: false }), async (request, response) => {
    const email = String(request.body?.email ?? "").trim();
    if (email.length > 254 || !/^[^\s@]+@[^\s@]+$/.test(email)) {
      response.status(400).type("text").send("Enter an e-mail address.");
      return;
    }
    // The same address is the same person, also after a restart.
    const digest = createHash("sha256").update(email.toLowerCase()).digest("base64url");
    const accountId = digest.slice(0, 22);
    const name = String(request.body.name ?? "").trim();
    people.set(accountId, {
      email,
      name: name.slice(0, 80) || people.get(accountId)?.name || email,
    });
    await provider.interactionFinished(request, response, { login: { accountId } });
  });
  pages.use("/oidc", provider.callback());
  /** @type {express.ErrorRequestHandler} */
  const failed = (_error, _request, response, _next) =>
    void response.status(400).type("text").send("This sign-in is over. Sign in again.");
  pages.use(failed);

  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    tokenEndpoint: `${issuer}/token`,
    clientId: PAGES,
    serviceClient: { id: SERVER, secret },
    pages,
  };
}

/** Returns a new RSA key as a JSON Web Key. API Gateway accepts no other kind of key. */
function signingKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), alg: "RS256", use: "sig" };
}
