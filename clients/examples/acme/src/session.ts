// Signs people in with Acme's identity provider.
import { type User, UserManager } from "oidc-client-ts";

export interface Settings {
  organizationsUrl: string;
  issuer: string;
  clientId: string;
}

export const settings: Settings = await (await fetch("/api/settings")).json();

const home = `${location.origin}/`;
const users = new UserManager({
  authority: settings.issuer,
  client_id: settings.clientId,
  redirect_uri: home,
  post_logout_redirect_uri: home,
  scope: "openid email profile",
  automaticSilentRenew: false,
});

/** Returns the person who is signed in. Completes the sign-in after the provider's redirect. */
export async function signedIn(): Promise<User | null> {
  const query = new URLSearchParams(location.search);
  if (query.has("code") || query.has("error")) {
    const user = await users.signinCallback().catch(() => undefined);
    history.replaceState(null, "", String(user?.state ?? "/"));
    return user ?? null;
  }
  const user = await users.getUser();
  return user?.expired ? null : user;
}

/** Leads to the provider, and comes back to this address. */
export const signIn = (): Promise<void> =>
  users.signinRedirect({ state: location.pathname + location.search });

export const signOut = (): Promise<void> => users.signoutRedirect();
