import { type Client, createClient } from "@organizations/client";

/** The URL of a local host: `cargo run`. */
export const url = process.env.ORGS_URL ?? "";

/** Returns a token of the local host for a person or a service client. */
export async function token(claims: Record<string, unknown>): Promise<string> {
  const response = await fetch(`${url}/local/token`, {
    method: "POST",
    body: JSON.stringify(claims),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** Returns a client of a person with a verified address. */
export async function person(name: string): Promise<Client> {
  const access = await token({
    sub: name,
    email: `${name}@example.com`,
    email_verified: true,
    name,
  });
  return createClient({ url, getToken: () => access });
}
