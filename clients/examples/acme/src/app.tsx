// The frame of Acme: the organization, the sections, and the person.
import { createClient } from "@organizations/client";
import {
  Members,
  MyInvitations,
  OrganizationList,
  OrganizationSwitcher,
  OrganizationsProvider,
  Settings,
  Usage,
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
  // The link "Open Acme" of an invitation names the organization.
  const [orgId, setOrgId] = useState(
    () => new URLSearchParams(location.search).get("org_id") ?? "",
  );
  const [section, setSection] = useState<(typeof SECTIONS)[number]>("Agents");

  // A reload shows the same organization.
  useEffect(() => {
    history.replaceState(null, "", orgId ? `/?${new URLSearchParams({ org_id: orgId })}` : "/");
  }, [orgId]);

  return (
    <OrganizationsProvider client={client} onSignIn={() => void signIn()}>
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
        <MyInvitations onJoin={setOrgId} />
        {!orgId && <OrganizationList onSelect={(org) => setOrgId(org.id)} />}
        {orgId && section === "Agents" && (
          <Agents key={orgId} orgId={orgId} client={client} token={user.access_token} />
        )}
        {orgId && section === "Members" && <Members orgId={orgId} onLeave={() => setOrgId("")} />}
        {orgId && section === "Usage" && <Usage orgId={orgId} />}
        {orgId && section === "Settings" && <Settings orgId={orgId} />}
      </main>
    </OrganizationsProvider>
  );
}
