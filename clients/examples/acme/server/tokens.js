// The tokens of people who call Acme's API, and Acme's own token for the Organizations API. They use
// only what every OpenID Connect provider has. Some providers want an `audience` in the request for
// the own token, or a prefix before the scopes.
import { createRemoteJWKSet, jwtVerify } from "jose";

/** The scopes of Acme's server, as a service client of Organizations. */
const SCOPES = "usage:write access:check";

/**
 * @param {{
 *   issuer: string, jwksUri: string, tokenEndpoint: string, audience: string,
 *   serviceClient: { id: string, secret: string },
 * }} options
 */
export function createTokens({ issuer, jwksUri, tokenEndpoint, audience, serviceClient }) {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  /** @type {{ token: string, until: number } | undefined} */
  let service;
  return {
    /** Returns the person of an access token. Throws if it is invalid. @param {string} token */
    async personOf(token) {
      // The audience keeps ID tokens out.
      const { payload } = await jwtVerify(token, keys, { issuer, audience });
      if (!payload.sub) throw new Error("the token has no subject");
      return payload.sub;
    },
    /**
     * Returns Acme's own token. `rejected` is a token that the Organizations API did not accept.
     *
     * @param {string} [rejected]
     */
    async service(rejected) {
      if (!service || service.token === rejected || service.until <= Date.now()) {
        const basic = Buffer.from(`${serviceClient.id}:${serviceClient.secret}`).toString("base64");
        const response = await fetch(tokenEndpoint, {
          method: "POST",
          headers: { authorization: `Basic ${basic}` },
          body: new URLSearchParams({ grant_type: "client_credentials", scope: SCOPES }),
        });
        if (!response.ok) throw new Error(`no service token: ${await response.text()}`);
        const { access_token, expires_in } = await response.json();
        service = { token: access_token, until: Date.now() + (expires_in - 60) * 1000 };
      }
      return service.token;
    },
  };
}
