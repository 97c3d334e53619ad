import {
  AccountUsage,
  AuditLog,
  Holds,
  Members,
  MyInvitations,
  OrganizationList,
  Resources,
  Settings,
  Statements,
  Usage,
  useOrganization,
} from "@organizations/react";
import { PageHeading } from "../page.tsx";
import { useTexts } from "../texts/context.ts";
import { hrefOf, type Tab } from "./routes.ts";

export function OrganizationsPage() {
  const { components: t } = useTexts();
  return (
    <>
      <MyInvitations />
      <OrganizationList
        heading={<PageHeading>{t.orgs.title}</PageHeading>}
        hrefOf={({ id }) => hrefOf(id)}
        onSelect={({ id }) => {
          location.hash = hrefOf(id);
        }}
      />
    </>
  );
}

export function AccountPage() {
  const { components: t } = useTexts();
  return <AccountUsage heading={<PageHeading>{t.account.title}</PageHeading>} />;
}

export function StatementsPage() {
  const { components: t } = useTexts();
  return <Statements heading={<PageHeading>{t.statements.title}</PageHeading>} />;
}

export function UnknownPage() {
  const { components: t } = useTexts();
  return (
    <div className="orgs" data-testid="org-unknown">
      <PageHeading>{t.org.unknown}</PageHeading>
      <p>{t.org.unknownDetail}</p>
      <p>
        <a href="#/">{t.orgs.title}</a>
      </p>
    </div>
  );
}

export function OrganizationPage({ orgId, tab }: { orgId: string; tab: Tab }) {
  const { components: t, tabs } = useTexts();
  const { data: org, failure } = useOrganization(orgId);
  if (failure?.code === "org_not_found") return <UnknownPage />;
  const heading = (
    <PageHeading>{tab === "members" && org ? t.members.title(org.name) : tabs[tab]}</PageHeading>
  );
  return (
    <>
      {org && org.status !== "active" && (
        <div className="orgs">
          <div className="orgs-notice" data-kind="warning" data-testid={`org-${org.status}`}>
            <p>{org.status === "deleted" ? t.org.isDeleted : t.org.isSuspended}</p>
          </div>
        </div>
      )}
      {tab === "members" && (
        <Members
          orgId={orgId}
          heading={heading}
          onLeave={() => {
            location.hash = "#/";
          }}
        />
      )}
      {tab === "resources" && <Resources orgId={orgId} heading={heading} />}
      {tab === "usage" && (
        <>
          <Usage orgId={orgId} heading={heading} />
          <Statements orgId={orgId} />
          <Holds orgId={orgId} />
        </>
      )}
      {tab === "settings" && <Settings orgId={orgId} heading={heading} />}
      {tab === "audit" && <AuditLog orgId={orgId} heading={heading} />}
    </>
  );
}
