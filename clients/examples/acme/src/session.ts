// Signs people in with Acme's identity provider.
import { ErrorResponse, type User, UserManager } from "oidc-client-ts";

export interface Settings {
  organizationsUrl: string;
  issuer: string;
  clientId: string;
}

export const settings: Settings = await (await fetch("/api/settings")).json();

const home = `${location.origin}/`;
// The tokens are in the session storage of this tab, and last an hour.
const users = new UserManager({
  authority: settings.issuer,
  client_id: settings.clientId,
  redirect_uri: home,
  post_logout_redirect_uri: home,
  scope: "openid email profile",
  automaticSilentRenew: false,
});

/** The address to come back to. */
const here = (): string => location.pathname + location.search + location.hash;

/**
 * Returns the person who is signed in, or a message if a sign-in failed, or null. A person who is
 * signed in at the provider, for example in another tab, is not asked again.
 */
export async function signedIn(): Promise<User | string | null> {
  const query = new URLSearchParams(location.search);
  if (!query.has("state")) {
    const user = await users.getUser();
    if (user && !user.expired) return user;
    // The browser leaves this page, and comes back with or without a person.
    await users.signinRedirect({ prompt: "none", state: here() });
    return null;
  }
  try {
    const user = await users.signinCallback();
    history.replaceState(null, "", String(user?.state ?? "/"));
    return user ?? null;
  } catch (error) {
    const isResponse = error instanceof ErrorResponse;
    history.replaceState(null, "", isResponse ? String(error.state ?? "/") : "/");
    if (isResponse && error.error === "login_required") return null;
    return "The sign-in was not completed.";
  }
}

/** Leads to the provider, and comes back to this address. */
export const signIn = (): Promise<void> => users.signinRedirect({ state: here() });

export const signOut = (): Promise<void> => users.signoutRedirect();
