/**
 * The components as custom elements, for pages without React. Each element takes its settings from attributes,
 * and tells what happened by events:
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
import { OrganizationsProvider, type OrganizationsProviderProps } from "../provider.tsx";
import { Resources } from "../resources/resources.tsx";
import { Policies, Settings } from "../settings/settings.tsx";
import { AccountUsage } from "../usage/account-usage.tsx";
import { Usage } from "../usage/usage.tsx";

export { createClient } from "@organizations/client";
export { de } from "../texts/de.ts";
export { en, type Texts } from "../texts/en.ts";

export type ElementSettings = Omit<OrganizationsProviderProps, "children">;

interface Context {
  orgId: string;
  /** Dispatches a `CustomEvent`, whose `detail` is the organization or its id. */
  emit: (name: string, detail?: unknown) => void;
}

/** The elements by name. All but the last four need the attribute `org-id`. */
const ELEMENTS: Record<string, (context: Context) => ReactElement> = {
  "org-members": ({ orgId, emit }) => (
    <Members orgId={orgId} onLeave={() => emit("leave", orgId)} />
  ),
  "org-resources": ({ orgId }) => <Resources orgId={orgId} />,
  "org-usage": ({ orgId }) => <Usage orgId={orgId} />,
  "org-settings": ({ orgId }) => <Settings orgId={orgId} />,
  "org-policies": ({ orgId }) => <Policies orgId={orgId} />,
  "org-audit-log": ({ orgId }) => <AuditLog orgId={orgId} />,
  "org-switcher": ({ orgId, emit }) => (
    <OrganizationSwitcher orgId={orgId || undefined} onSelect={(org) => emit("select", org)} />
  ),
  "org-list": ({ emit }) => <OrganizationList onSelect={(org) => emit("select", org)} />,
  "org-create": ({ emit }) => <CreateOrganization onCreate={(org) => emit("create", org)} />,
  "org-my-invitations": ({ emit }) => <MyInvitations onJoin={(orgId) => emit("join", orgId)} />,
  "org-account-usage": () => <AccountUsage />,
};
const WITHOUT_ORG = new Set([
  "org-switcher",
  "org-list",
  "org-create",
  "org-my-invitations",
  "org-account-usage",
]);

/**
 * Defines the elements. Call it once, when the person is signed in. It throws if the elements are already
 * defined.
 */
export function defineElements(settings: ElementSettings): void {
  for (const [name, render] of Object.entries(ELEMENTS))
    customElements.define(
      name,
      class extends HTMLElement {
        static observedAttributes = ["org-id"];
        #root: Root | undefined;

        connectedCallback(): void {
          this.#root = createRoot(this);
          this.#render();
        }

        disconnectedCallback(): void {
          this.#root?.unmount();
          this.#root = undefined;
        }

        attributeChangedCallback(): void {
          this.#render();
        }

        #render(): void {
          const orgId = this.getAttribute("org-id") ?? "";
          if (!orgId && !WITHOUT_ORG.has(name)) {
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
