/**
 * The components as custom elements, for pages without React. Each element takes its settings from
 * attributes, and tells what happened by events:
 *
 *     defineElements({ client: createClient({ url, getToken }) });
 *
 *     <org-members org-id="org_019a…"></org-members>
 */
import type { ReactElement } from "react";
import { createRoot, type Root } from "react-dom/client";
import { AuditLog } from "../audit/audit-log.tsx";
import { Members } from "../members/members.tsx";
import { CreateOrganization } from "../organizations/create-organization.tsx";
import { MyInvitations } from "../organizations/my-invitations.tsx";
import { OrganizationList } from "../organizations/organization-list.tsx";
import { OrganizationSwitcher } from "../organizations/switcher.tsx";
import { OrganizationsProvider } from "../provider.tsx";
import type { ProviderSettings } from "../provider-settings.ts";
import { Resources } from "../resources/resources.tsx";
import { Policies, Settings } from "../settings/settings.tsx";
import { AccountUsage } from "../usage/account-usage.tsx";
import { Holds } from "../usage/holds.tsx";
import { Statements } from "../usage/statements.tsx";
import { Usage } from "../usage/usage.tsx";

export { createClient } from "@organizations/client";
export type { ProviderSettings } from "../provider-settings.ts";
export { de } from "../texts/de.ts";
export { en, type Texts } from "../texts/en.ts";

interface Context {
  orgId: string;
  /** Dispatches a `CustomEvent`, whose `detail` is the organization or its id. */
  emit: (name: string, detail?: unknown) => void;
}

type Render = (context: Context) => ReactElement;

/** The elements that show an organization. They are empty without the attribute `org-id`. */
const OF_AN_ORGANIZATION: Record<string, Render> = {
  "org-members": ({ orgId, emit }) => (
    <Members orgId={orgId} onLeave={() => emit("org-leave", orgId)} />
  ),
  "org-resources": ({ orgId }) => <Resources orgId={orgId} />,
  "org-usage": ({ orgId }) => <Usage orgId={orgId} />,
  "org-holds": ({ orgId }) => <Holds orgId={orgId} />,
  "org-settings": ({ orgId }) => <Settings orgId={orgId} />,
  "org-policies": ({ orgId }) => <Policies orgId={orgId} />,
  "org-audit-log": ({ orgId }) => <AuditLog orgId={orgId} />,
};

/** The elements of the signed-in person. */
const OF_THE_PERSON: Record<string, Render> = {
  "org-switcher": ({ orgId, emit }) => (
    <OrganizationSwitcher orgId={orgId || undefined} onSelect={(org) => emit("org-select", org)} />
  ),
  "org-list": ({ emit }) => <OrganizationList onSelect={(org) => emit("org-select", org)} />,
  "org-create": ({ emit }) => <CreateOrganization onCreate={(org) => emit("org-create", org)} />,
  "org-my-invitations": ({ emit }) => <MyInvitations onJoin={(orgId) => emit("org-join", orgId)} />,
  "org-account-usage": () => <AccountUsage />,
  "org-statements": ({ orgId }) => <Statements orgId={orgId || undefined} />,
};

let settings: ProviderSettings | null = null;
/** The elements in the page. */
const connected = new Set<{ render: () => void }>();

/**
 * Defines the elements when a person is signed in. Call it again with another client when another
 * person signs in: the elements then show what that person may see, and nothing of the one before.
 */
export function defineElements(next: ProviderSettings): void {
  const isFirst = settings === null;
  settings = next;
  if (!isFirst) {
    for (const element of connected) element.render();
    return;
  }
  for (const [name, render] of Object.entries({ ...OF_AN_ORGANIZATION, ...OF_THE_PERSON }))
    customElements.define(
      name,
      class extends HTMLElement {
        static observedAttributes = ["org-id"];
        #root: Root | undefined;

        connectedCallback(): void {
          this.#root ??= createRoot(this);
          connected.add(this);
          this.render();
        }

        disconnectedCallback(): void {
          connected.delete(this);
          // An element that moves in the page is connected again at once, and keeps what was typed.
          queueMicrotask(() => {
            if (this.isConnected) return;
            this.#root?.unmount();
            this.#root = undefined;
          });
        }

        attributeChangedCallback(): void {
          this.render();
        }

        render(): void {
          const orgId = this.getAttribute("org-id") ?? "";
          if (!settings || (!orgId && name in OF_AN_ORGANIZATION)) {
            this.#root?.render(null);
            return;
          }
          const emit = (event: string, detail?: unknown) =>
            void this.dispatchEvent(new CustomEvent(event, { detail, bubbles: true }));
          this.#root?.render(
            <OrganizationsProvider {...settings}>{render({ orgId, emit })}</OrganizationsProvider>,
          );
        }
      },
    );
}
