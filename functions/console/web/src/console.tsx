import "./console.css";

// The console: sign-in, header, and routing.

import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { path, useLoad } from "./api.ts";
import { Audit } from "./audit.tsx";
import { Members } from "./members.tsx";
import { begin, config, finish, isBack } from "./oidc.ts";
import { fetchPermissions, ORGS_CHANGED, type OrgPageProps, type Permissions } from "./org-page.ts";
import { Account, Orgs } from "./orgs.tsx";
import { Resources } from "./resources.tsx";
import { AGAIN, ANOTHER, PATH, renew, share, signOut, start, useSession } from "./session.ts";
import { Settings } from "./settings.tsx";
import { t } from "./texts.ts";
import type { Org, Page } from "./types.ts";
import { Button, Chip, ErrorNotice, Heading, Toast } from "./ui.tsx";
import { Usage } from "./usage.tsx";

const TABS = ["members", "resources", "usage", "settings", "audit"] as const;
type Tab = (typeof TABS)[number];

/** The format of an organization id. Other text from the address never becomes part of a path. */
const ORG = /^org_[0-9a-f]{32}$/;

const Unknown = () => (
  <>
    <Heading>{t.org.unknown}</Heading>
    <p data-testid="org-unknown">{t.org.unknownDetail}</p>
    <p>
      <a href="#/">{t.orgs.title}</a>
    </p>
  </>
);

function InOrg({ id, tab, me }: { id: string; tab: Tab; me: string }) {
  const org = useLoad<Org>(`/orgs/${id}`);
  const permissions = useLoad<Permissions>(id, fetchPermissions);
  const reload = () => {
    org.reload();
    permissions.reload();
    dispatchEvent(new Event(ORGS_CHANGED));
  };
  const seen = useRef(tab);
  useEffect(() => {
    // Permissions can change, so each page loads them again.
    if (seen.current !== tab) {
      org.reload();
      permissions.reload();
    }
    seen.current = tab;
  }, [tab]);
  if (org.problem && (!org.data || org.problem.code === "org_not_found")) {
    return org.problem.code === "org_not_found" ? (
      <Unknown />
    ) : (
      <ErrorNotice problem={org.problem} again={reload} />
    );
  }
  if (!org.data || !permissions.data)
    return permissions.problem ? (
      <ErrorNotice problem={permissions.problem} again={reload} />
    ) : (
      <p class="quiet" aria-busy="true">
        {t.loading}
      </p>
    );
  const props: OrgPageProps = { org: org.data, permissions: permissions.data, me, reload };
  const tabs = {
    members: Members,
    resources: Resources,
    usage: Usage,
    settings: Settings,
    audit: Audit,
  };
  const Shown = tabs[tab];
  return (
    <>
      {props.org.status !== "active" && (
        <div class="notice warn" data-testid={`org-${props.org.status}`}>
          <p>{props.org.status === "deleted" ? t.org.isDeleted : t.org.isSuspended}</p>
        </div>
      )}
      <Shown key={`${id} ${tab}`} {...props} />
    </>
  );
}

function Header({ orgId, tab }: { orgId: string | null; tab: Tab }) {
  const { session } = useSession();
  const orgs = useLoad<Page<Org>>(path("/orgs", { limit: "100" }));
  useEffect(() => {
    addEventListener(ORGS_CHANGED, orgs.reload);
    return () => removeEventListener(ORGS_CHANGED, orgs.reload);
  }, []);
  // The person may have created or left an organization on another page.
  const seen = useRef(orgId);
  useEffect(() => {
    if (seen.current !== orgId) orgs.reload();
    seen.current = orgId;
  }, [orgId]);
  const tabs = useRef<HTMLElement>(null);
  // On a phone the current tab can be outside the screen.
  useEffect(
    () =>
      tabs.current
        ?.querySelector("[aria-current]")
        ?.scrollIntoView({ block: "nearest", inline: "nearest" }),
    [tab, orgId],
  );
  const mine = orgs.data?.data ?? [];
  const here = mine.find((org) => org.id === orgId);
  return (
    <header>
      <div class="bar">
        <a class="product" href="#/">
          {config.logo ? (
            <img src={config.logo} alt={config.product} height={28} />
          ) : (
            config.product
          )}
        </a>
        {orgId && (
          <details class="switch" key={`${orgId} ${tab}`}>
            <summary data-testid="org-switch" aria-label={t.orgs.switch(here?.name ?? "…")}>
              {here?.name ?? "…"}
            </summary>
            <nav data-testid="org-list" aria-label={t.orgs.title}>
              {mine.map((org) => (
                <a
                  key={org.id}
                  href={`#/orgs/${org.id}/${tab}`}
                  aria-current={org.id === orgId ? "true" : undefined}
                >
                  {org.name}
                </a>
              ))}
              <a href="#/">{t.orgs.all}</a>
            </nav>
          </details>
        )}
        {here && <Chip kind="plain">{t.role[here.role]}</Chip>}
        <span class="who">
          <span class="quiet">{session?.me.email ?? session?.me.user_id}</span>
          <Button kind="link" testId="sign-out" onClick={signOut}>
            {t.session.out}
          </Button>
        </span>
      </div>
      {orgId ? (
        <nav ref={tabs} class="tabs" aria-label={t.org.sections}>
          {TABS.map((name) => (
            <a
              key={name}
              data-testid={`tab-${name}`}
              href={`#/orgs/${orgId}/${name}`}
              aria-current={name === tab ? "page" : undefined}
            >
              {t.tabs[name]}
            </a>
          ))}
        </nav>
      ) : (
        <nav class="tabs" aria-label={t.org.sections}>
          <a
            data-testid="tab-orgs"
            href="#/"
            aria-current={location.hash !== "#/account" ? "page" : undefined}
          >
            {t.orgs.title}
          </a>
          <a
            data-testid="tab-account"
            href="#/account"
            aria-current={location.hash === "#/account" ? "page" : undefined}
          >
            {t.account.title}
          </a>
        </nav>
      )}
    </header>
  );
}

function SignIn({ failed }: { failed: boolean }) {
  const { isOut } = useSession();
  const [isAway, setIsAway] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const go = async () => {
    setIsBusy(true);
    setIsAway(false);
    // If the issuer responds, the browser leaves this page.
    await begin(PATH, location.hash, isOut).catch(() => {
      setIsAway(true);
      setIsBusy(false);
    });
  };
  return (
    <main class="narrow">
      <div class="card">
        <Heading>{config.product}</Heading>
        <p>{config.issuer ? t.session.intro : t.session.noIssuer}</p>
        {failed && (
          <div class="notice bad" role="alert" data-testid="sign-in-failed">
            <p>{t.session.failed}</p>
          </div>
        )}
        {isAway && (
          <div class="notice bad" role="alert" data-testid="issuer-away">
            <p>{t.session.issuerAway}</p>
          </div>
        )}
        {config.issuer && (
          <div class="actions">
            <Button kind="main" testId="sign-in" isBusy={isBusy} onClick={go}>
              {t.session.in}
            </Button>
          </div>
        )}
      </div>
    </main>
  );
}

function Console({ failed }: { failed: boolean }) {
  const { session, isExpired, other } = useSession();
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const listener = () => setHash(location.hash);
    addEventListener("hashchange", listener);
    return () => removeEventListener("hashchange", listener);
  }, []);
  if (hash === AGAIN && session)
    return (
      <main class="narrow">
        <div class="card">
          <Heading>{t.session.renewed}</Heading>
          <p>{t.session.renewedDetail}</p>
        </div>
      </main>
    );
  if (!session) return <SignIn failed={failed} />;
  const [, area, id, page] = hash.split("/");
  const orgId = area === "orgs" && id ? id : null;
  const tab = TABS.find((name) => name === page) ?? "members";
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: a link that skips to the content */}
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector<HTMLElement>("h1")?.focus();
        }}
      >
        {t.skip}
      </a>
      <Header orgId={orgId} tab={tab} />
      {isExpired && (
        <div class="notice warn wide" role="alert" data-testid="session-expired">
          <p>
            <strong>{t.problem.signedOutTitle}</strong>{" "}
            {other ? t.session.other(other) : t.problem.signedOut}{" "}
            <Button kind="link" testId="sign-in-again" onClick={renew}>
              {t.session.again}
            </Button>
          </p>
        </div>
      )}
      <main id="main">
        {orgId ? (
          ORG.test(orgId) ? (
            <InOrg key={orgId} id={orgId} tab={tab} me={session.me.user_id} />
          ) : (
            <Unknown />
          )
        ) : area === "account" ? (
          <Account />
        ) : (
          <Orgs me={session.me} />
        )}
      </main>
      {config.support && (
        <footer class="quiet">
          {t.questions} <a href={config.support}>{config.support.replace(/^mailto:/, "")}</a>
        </footer>
      )}
      <Toast />
    </>
  );
}

async function main(): Promise<void> {
  let failed = false;
  if (isBack()) {
    const { token } = await finish(PATH);
    failed = !token || !(await start(token));
  } else if (location.hash === AGAIN || location.hash === ANOTHER) {
    await begin(PATH, AGAIN, location.hash === ANOTHER).catch(() => (failed = true));
    if (!failed) return;
  }
  if (!failed && location.hash === AGAIN) {
    share();
    window.close();
  }
  const root = document.getElementById("app");
  if (root) render(<Console failed={failed} />, root);
}

void main();
