// The frame of Acme: the organization, the sections, and the person.
import { type Client, createClient } from "@organizations/client";
import {
  Members,
  MyInvitations,
  OrganizationList,
  OrganizationSwitcher,
  OrganizationsProvider,
  Settings,
  Usage,
  useOrganization,
} from "@organizations/react";
import type { User } from "oidc-client-ts";
import { useEffect, useMemo, useState } from "react";
import { Agents } from "./agents.tsx";
import { settings, signIn, signOut } from "./session.ts";

const SECTIONS = ["Agents", "Members", "Usage", "Settings"] as const;

export function App({ user }: { user: User }) {
  const client = useMemo(
    () => createClient({ url: settings.organizationsUrl, getToken: () => user.access_token }),
    [user],
  );
  return (
    <OrganizationsProvider client={client} onSignIn={() => void signIn()}>
      <Frame user={user} client={client} />
    </OrganizationsProvider>
  );
}

function Frame({ user, client }: { user: User; client: Client }) {
  // The link "Continue to Acme" of an invitation names the organization.
  const [orgId, setOrgId] = useState(
    () => new URLSearchParams(location.search).get("org_id") ?? "",
  );
  const [section, setSection] = useState(
    () => SECTIONS.find((name) => `#${name}` === location.hash) ?? "Agents",
  );
  const { failure } = useOrganization(orgId);
  const isUnknown = failure?.status === 404;

  // A reload shows the same page.
  useEffect(() => {
    const query = orgId ? `?${new URLSearchParams({ org_id: orgId })}` : "";
    history.replaceState(null, "", `/${query}#${section}`);
  }, [orgId, section]);
  // Nobody stays in an organization that they cannot see, such as one that removed them.
  useEffect(() => {
    if (isUnknown) setOrgId("");
  }, [isUnknown]);

  return (
    <>
      <header>
        <p className="brand">Acme</p>
        <OrganizationSwitcher
          orgId={orgId}
          onSelect={(org) => setOrgId(org.id)}
          onShowAll={() => setOrgId("")}
        />
        {orgId && (
          <nav aria-label="Sections">
            {SECTIONS.map((name) => (
              <button
                key={name}
                type="button"
                aria-current={name === section ? "page" : undefined}
                onClick={() => setSection(name)}
              >
                {name}
              </button>
            ))}
          </nav>
        )}
        <span className="person">{user.profile.name}</span>
        <button type="button" onClick={() => void signOut()}>
          Sign out
        </button>
      </header>
      <main>
        <MyInvitations onJoin={(id) => setOrgId(id)} />
        {!orgId && (
          <OrganizationList
            onSelect={(org) => setOrgId(org.id)}
            heading={<h1>Your organizations</h1>}
          />
        )}
        {orgId && section === "Agents" && (
          <Agents key={orgId} orgId={orgId} client={client} token={user.access_token} />
        )}
        {orgId && section === "Members" && (
          <Members orgId={orgId} onLeave={() => setOrgId("")} heading={<h1>Members</h1>} />
        )}
        {orgId && section === "Usage" && <Usage orgId={orgId} heading={<h1>Usage</h1>} />}
        {orgId && section === "Settings" && <Settings orgId={orgId} heading={<h1>Settings</h1>} />}
      </main>
    </>
  );
}
