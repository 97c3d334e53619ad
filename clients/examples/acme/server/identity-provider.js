// The identity provider of Acme: oidc-provider, with a sign-in page that asks for no password.
// Replace it with your own provider: Auth0, Cognito, Keycloak, or another.
import { createHash, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import express from "express";
import { createRemoteJWKSet, jwtVerify } from "jose";
import Provider from "oidc-provider";

/** The audience of access tokens: Acme's API, and the Organizations API. */
const AUDIENCE = "acme";
/** The scopes of Acme's server, as a service client of Organizations. */
const SERVICE_SCOPES = "usage:write access:check";
const SERVICE_CLIENT = "acme-server";
const fileOf = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
const signOutPage = readFileSync(fileOf("sign-out.html"), "utf8");

/**
 * Creates the provider, with a new signing key. Its sessions are in memory.
 *
 * @param {{ url: string, organizationsUrl: string }} options
 */
export function createIdentityProvider({ url, organizationsUrl }) {
  const issuer = `${url}/oidc`;
  const serviceSecret = randomBytes(32).toString("base64url");
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
      { client_id: "acme", redirect_uris: [`${url}/`], post_logout_redirect_uris: [`${url}/`] },
      // The page behind an invitation link, and the console.
      {
        client_id: "organizations",
        redirect_uris: [`${organizationsUrl}/invitations`, `${organizationsUrl}/`],
      },
    ]
      .map((client) => ({ ...client, token_endpoint_auth_method: /** @type {const} */ ("none") }))
      .concat(
        /** @type {any} */ ({
          client_id: SERVICE_CLIENT,
          client_secret: serviceSecret,
          grant_types: ["client_credentials"],
          redirect_uris: [],
          response_types: [],
        }),
      ),
    // Pages exchange their code from their own origin.
    clientBasedCORS: (_context, origin, client) =>
      (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin),
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: false,
    findAccount: (_context, id) => {
      const claims = claimsOf(id);
      return claims && { accountId: id, claims: () => claims };
    },
    // Access tokens are JWTs with the claims that Organizations reads.
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
      resourceIndicators: {
        enabled: true,
        defaultResource: () => "urn:acme",
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          audience: AUDIENCE,
          scope: SERVICE_SCOPES,
          accessTokenFormat: "jwt",
          accessTokenTTL: 3600,
          jwt: { sign: { alg: "RS256" } },
        }),
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
  pages.get("/sign-in/:id", (_request, response) => response.sendFile(fileOf("sign-in.html")));
  pages.get("/sign-in.css", (_request, response) => response.sendFile(fileOf("sign-in.css")));
  pages.post("/sign-in/:id", express.urlencoded({ extended: false }), async (request, response) => {
    const email = String(request.body?.email ?? "")
      .trim()
      .toLowerCase();
    if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
      response.status(400).type("text").send("Enter an e-mail address.");
      return;
    }
    // The same address is the same person after a restart.
    const accountId = createHash("sha256").update(email).digest("base64url").slice(0, 22);
    const name = String(request.body.name ?? "").trim() || people.get(accountId)?.name;
    people.set(accountId, { email, name: name ?? email });
    await provider.interactionFinished(request, response, { login: { accountId } });
  });
  pages.use("/oidc", provider.callback());

  // The issuer is this server, so its keys are read over HTTP as those of any other would be.
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  /** @type {{ token: string, until: number } | undefined} */
  let service;

  return {
    issuer,
    pages,
    /** Returns the person of an access token. Throws if it is invalid. @param {string} token */
    async personOf(token) {
      const { payload } = await jwtVerify(token, keys, { issuer, audience: AUDIENCE });
      if (!payload.sub) throw new Error("the token has no subject");
      return payload.sub;
    },
    /**
     * Returns a token of Acme's server. `rejected` is a token that the Organizations API did not
     * accept.
     *
     * @param {string} [rejected]
     */
    async serviceToken(rejected) {
      if (!service || service.token === rejected || service.until <= Date.now()) {
        const basic = Buffer.from(`${SERVICE_CLIENT}:${serviceSecret}`).toString("base64");
        const response = await fetch(`${issuer}/token`, {
          method: "POST",
          headers: { authorization: `Basic ${basic}` },
          body: new URLSearchParams({ grant_type: "client_credentials", scope: SERVICE_SCOPES }),
        });
        if (!response.ok) throw new Error(`no service token: ${await response.text()}`);
        const { access_token, expires_in } = await response.json();
        service = { token: access_token, until: Date.now() + (expires_in - 60) * 1000 };
      }
      return service.token;
    },
  };
}

/** Returns a new RSA key as a JSON Web Key. */
function signingKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), alg: "RS256", use: "sig" };
}
