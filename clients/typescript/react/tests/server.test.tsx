import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "@organizations/client";
import {
  AccountUsage,
  AuditLog,
  Can,
  CreateOrganization,
  Members,
  MyInvitations,
  OrganizationList,
  OrganizationSwitcher,
  OrganizationsProvider,
  Policies,
  Resources,
  Settings,
  Statements,
  Usage,
} from "@organizations/react";
import { de } from "@organizations/react/de";
import type { ReactElement } from "react";
import { renderToString } from "react-dom/server";

const orgId = "org_019ab3c0d5e07f10a2b3c4d5e6f70812";
let requests = 0;
const client = createClient({
  url: "https://orgs.example.com",
  fetch: async () => {
    requests += 1;
    return new Response("{}", { headers: { "content-type": "application/json" } });
  },
});

const components: Record<string, ReactElement> = {
  AccountUsage: <AccountUsage />,
  Statements: <Statements />,
  AuditLog: <AuditLog orgId={orgId} />,
  Can: (
    <Can orgId={orgId} action="update_org">
      yes
    </Can>
  ),
  CreateOrganization: <CreateOrganization />,
  Members: <Members orgId={orgId} />,
  MyInvitations: <MyInvitations />,
  OrganizationList: <OrganizationList onSelect={() => undefined} />,
  OrganizationSwitcher: <OrganizationSwitcher onSelect={() => undefined} />,
  Policies: <Policies orgId={orgId} />,
  Resources: <Resources orgId={orgId} />,
  Settings: <Settings orgId={orgId} />,
  Usage: <Usage orgId={orgId} />,
};

for (const [name, component] of Object.entries(components))
  test(`<${name}> renders on a server and loads nothing there`, () => {
    for (const texts of [undefined, de])
      assert.equal(
        typeof renderToString(
          <OrganizationsProvider client={client} {...(texts && { texts })}>
            {component}
          </OrganizationsProvider>,
        ),
        "string",
      );
    assert.equal(requests, 0);
  });

test("a component outside of the provider says what is missing", () => {
  assert.throws(() => renderToString(<Members orgId={orgId} />), /inside <OrganizationsProvider>/);
});
