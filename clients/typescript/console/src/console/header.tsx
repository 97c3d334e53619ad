import { OrganizationSwitcher, useOrganization } from "@organizations/react";
import { type ReactNode, useEffect, useRef } from "react";
import { Product } from "../page.tsx";
import { signOut, useSession } from "../session/session.ts";
import { useTexts } from "../texts/context.ts";
import { hrefOf, type Route, TABS } from "./routes.ts";

const goTo = (hash: string): void => {
  location.hash = hash;
};

export function Header({ route }: { route: Route }) {
  const t = useTexts();
  const { session } = useSession();
  return (
    <header className="orgs">
      <div className="bar">
        <a className="product" href="#/">
          <Product />
        </a>
        {route.page === "org" && (
          <>
            <OrganizationSwitcher
              orgId={route.orgId}
              onSelect={({ id }) => goTo(hrefOf(id, route.tab))}
              onShowAll={() => goTo("#/")}
            />
            <RoleIn orgId={route.orgId} />
          </>
        )}
        <span className="who">
          <span className="orgs-quiet">{session?.me.email ?? session?.me.user_id}</span>
          <button
            type="button"
            className="orgs-button"
            data-kind="link"
            data-testid="sign-out"
            onClick={signOut}
          >
            {t.session.out}
          </button>
        </span>
      </div>
      {route.page === "org" ? (
        <Tabs current={`${route.orgId} ${route.tab}`}>
          {TABS.map((tab) => (
            <TabLink
              key={tab}
              testId={`tab-${tab}`}
              href={hrefOf(route.orgId, tab)}
              isCurrent={tab === route.tab}
            >
              {t.tabs[tab]}
            </TabLink>
          ))}
        </Tabs>
      ) : (
        <Tabs current={route.page}>
          <TabLink testId="tab-orgs" href="#/" isCurrent={route.page === "orgs"}>
            {t.components.orgs.title}
          </TabLink>
          <TabLink testId="tab-account" href="#/account" isCurrent={route.page === "account"}>
            {t.components.account.title}
          </TabLink>
          <TabLink
            testId="tab-statements"
            href="#/statements"
            isCurrent={route.page === "statements"}
          >
            {t.components.statements.title}
          </TabLink>
        </Tabs>
      )}
    </header>
  );
}

function RoleIn({ orgId }: { orgId: string }) {
  const t = useTexts();
  const role = useOrganization(orgId).data?.role;
  return role && <span className="orgs-badge">{t.components.role[role]}</span>;
}

function Tabs({ current, children }: { current: string; children: ReactNode }) {
  const t = useTexts();
  const tabs = useRef<HTMLElement>(null);
  // On a phone the current tab can be outside the screen.
  useEffect(
    () =>
      tabs.current
        ?.querySelector("[aria-current]")
        ?.scrollIntoView({ block: "nearest", inline: "nearest" }),
    [current],
  );
  return (
    <nav ref={tabs} className="tabs" aria-label={t.sections}>
      {children}
    </nav>
  );
}

const TabLink = ({
  testId,
  href,
  isCurrent,
  children,
}: {
  testId: string;
  href: string;
  isCurrent: boolean;
  children: string;
}) => (
  <a data-testid={testId} href={href} aria-current={isCurrent ? "page" : undefined}>
    {children}
  </a>
);
