// A page of another product, which embeds every component with React.
import { createClient } from "@organizations/client";
import {
  AccountUsage,
  AuditLog,
  Can,
  CreateOrganization,
  Holds,
  Members,
  MyInvitations,
  OrganizationList,
  OrganizationSwitcher,
  OrganizationsProvider,
  Policies,
  Resources,
  Settings,
  Usage,
} from "@organizations/react";
import { de } from "@organizations/react/de";
import "@organizations/react/styles.css";
import "./product.css";
import { StrictMode, useEffect, useState, useSyncExternalStore } from "react";
import { createRoot } from "react-dom/client";

const { url, token, orgId, language } = JSON.parse(
  document.getElementById("settings")?.textContent ?? "{}",
);
const clientOf = (token) => createClient({ url, getToken: () => token });

function Page() {
  const [client, setClient] = useState(() => clientOf(token));
  const [shown, setShown] = useState(orgId);
  useEffect(() => {
    addEventListener("person", ({ detail }) => setClient(clientOf(detail)));
    addEventListener("org", ({ detail }) => setShown(detail));
  }, []);
  const [submits, setSubmits] = useState(0);
  const [happened, setHappened] = useState("nothing");
  const name = useSyncExternalStore(
    (listener) => {
      addEventListener("hashchange", listener);
      return () => removeEventListener("hashchange", listener);
    },
    () => location.hash.slice(1),
  );
  const components = {
    members: () => <Members orgId={shown} onLeave={() => setHappened("left")} />,
    resources: () => <Resources orgId={shown} />,
    usage: () => (
      <>
        <Usage orgId={shown} />
        <Holds orgId={shown} />
      </>
    ),
    settings: () => <Settings orgId={shown} />,
    policies: () => <Policies orgId={shown} />,
    audit: () => <AuditLog orgId={shown} />,
    account: () => <AccountUsage />,
    list: () => <OrganizationList onSelect={({ id }) => setHappened(`selected ${id}`)} />,
    create: () => (
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setSubmits(submits + 1);
        }}
      >
        <CreateOrganization onCreate={({ name }) => setHappened(`created ${name}`)} />
      </form>
    ),
    invitations: () => <MyInvitations onJoin={(id) => setHappened(`joined ${id}`)} />,
    switcher: () => <OrganizationSwitcher orgId={shown} onSelect={({ id }) => setShown(id)} />,
    can: () => (
      <>
        <Can orgId={shown} action="create_resource" fallback={(why) => <p>No: {why}</p>}>
          <p>You can create resources</p>
        </Can>
        <Can orgId={shown} action="delete_org">
          {({ reason }) => <p data-testid="delete">{reason ?? "You can delete it"}</p>}
        </Can>
      </>
    ),
  };
  return (
    <OrganizationsProvider
      client={client}
      onUnauthorized={() => setHappened("unauthorized")}
      {...(language === "de" && { texts: de })}
    >
      <main>
        <h1>My product</h1>
        {components[name]()}
        <p data-testid="happened">{happened}</p>
        <p data-testid="submits">{submits}</p>
        <p data-testid="shown">{shown}</p>
      </main>
    </OrganizationsProvider>
  );
}

createRoot(document.getElementById("app")).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
