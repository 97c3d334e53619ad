import { createClient } from "@organizations/client";
import { OrganizationsProvider } from "@organizations/react";
import { useEffect, useMemo, useState } from "react";
import { Card, PageHeading, Support } from "../page.tsx";
import { config } from "../session/oidc.ts";
import { AGAIN, expire, renew, session, useSession } from "../session/session.ts";
import { SignIn } from "../session/sign-in.tsx";
import { useTexts } from "../texts/context.ts";
import { Header } from "./header.tsx";
import {
  AccountPage,
  OrganizationPage,
  OrganizationsPage,
  StatementsPage,
  UnknownPage,
} from "./pages.tsx";
import { parseRoute } from "./routes.ts";

/** The signed-in console, or the sign-in page. */
export function Console({ hasFailed }: { hasFailed: boolean }) {
  const texts = useTexts();
  const state = useSession();
  const hash = useHash();
  const person = state.session?.me.user_id;
  const client = useMemo(
    () => createClient({ url: location.origin, getToken: () => session().session?.token }),
    [person],
  );
  if (hash === AGAIN && state.session)
    return (
      <Card>
        <PageHeading>{texts.session.renewed}</PageHeading>
        <p>{texts.session.renewedDetail}</p>
      </Card>
    );
  if (!state.session) return <SignIn hasFailed={hasFailed} />;
  const route = parseRoute(hash);
  return (
    <OrganizationsProvider
      client={client}
      texts={texts.components}
      onUnauthorized={expire}
      onSignIn={renew}
      session={state.session.token}
    >
      {/* biome-ignore lint/a11y/useValidAnchor: a link that skips to the content */}
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector<HTMLElement>("h1")?.focus();
        }}
      >
        {texts.skip}
      </a>
      <Header route={route} />
      {state.isExpired && <Expired other={state.other} />}
      <main id="main">
        {route.page === "orgs" && <OrganizationsPage />}
        {route.page === "account" && <AccountPage />}
        {route.page === "statements" && <StatementsPage />}
        {route.page === "unknown" && <UnknownPage />}
        {route.page === "org" && (
          <OrganizationPage
            key={`${route.orgId} ${route.tab}`}
            orgId={route.orgId}
            tab={route.tab}
          />
        )}
      </main>
      {config.support && (
        <footer className="orgs orgs-quiet">
          <Support />
        </footer>
      )}
    </OrganizationsProvider>
  );
}

function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const listener = () => setHash(location.hash);
    addEventListener("hashchange", listener);
    return () => removeEventListener("hashchange", listener);
  }, []);
  return hash;
}

function Expired({ other }: { other: string | null }) {
  const { session: t, components } = useTexts();
  return (
    <div className="orgs wide">
      <div className="orgs-notice" data-kind="warning" role="alert" data-testid="session-expired">
        <p>
          <strong>{components.problem.signedOutTitle}</strong>{" "}
          {other ? t.other(other) : components.problem.signedOut}{" "}
          <button
            type="button"
            className="orgs-button"
            data-kind="link"
            data-testid="sign-in-again"
            onClick={renew}
          >
            {t.again}
          </button>
        </p>
      </div>
    </div>
  );
}
