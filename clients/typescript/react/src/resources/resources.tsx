import type { AccessCheck } from "@organizations/client";
import { type ReactNode, useRef, useState } from "react";
import { useOrganizations } from "../provider.tsx";
import { keys, useAccess, useAccessAll, useAction, usePages } from "../queries.ts";
import { KINDS, type Org, type Resource, type ResourceKind } from "../types.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog.tsx";
import { SelectField } from "../ui/fields.tsx";
import { WithOrganization } from "../ui/loading.tsx";
import { Menu } from "../ui/menu.tsx";
import { Badge, Empty, ErrorNotice } from "../ui/notice.tsx";
import { Root } from "../ui/root.tsx";
import { Title, Toolbar } from "../ui/section.tsx";
import { type Column, Pager, Table } from "../ui/table.tsx";
import { ResourceDialog } from "./resource-dialog.tsx";

export interface ResourcesProps {
  orgId: string;
  /** Replaces the heading. */
  heading?: ReactNode;
}

/** The agents, knowledge bases and sources that the members of an organization share. */
export function Resources({ orgId, heading }: ResourcesProps) {
  return (
    <Root orgId={orgId}>
      <WithOrganization orgId={orgId}>
        {(org) => <ResourceList org={org} heading={heading} />}
      </WithOrganization>
    </Root>
  );
}

const sort = ({ kind, cost_class }: Resource): string => `${kind} ${cost_class}`;

/** Checks access to one resource of each kind and cost class. Policies depend on these alone. */
function useRules(org: Org, resources: Resource[]) {
  const samples = new Map(resources.map((resource) => [sort(resource), resource.id]));
  const checksFor = (id: string): Record<"update" | "remove", AccessCheck> => ({
    update: { action: "update_resource", resource_id: id },
    remove: { action: "delete_resource", resource_id: id },
  });
  const checks = [...samples.values()].flatMap((id) => Object.values(checksFor(id)));
  const { resultOf, failure, reload } = useAccessAll(org.id, checks);
  const ruleOf = (resource: Resource) => {
    const { update, remove } = checksFor(samples.get(sort(resource)) ?? resource.id);
    return { update: resultOf(update), remove: resultOf(remove) };
  };
  return { ruleOf, failure, reload };
}

function ResourceList({ org, heading }: { org: Org; heading: ReactNode }) {
  const { texts: t, format, showMessage } = useOrganizations();
  const [kind, setKind] = useState<ResourceKind | "">("");
  const [editing, setEditing] = useState<Resource | "new" | null>(null);
  const region = useRef<HTMLDivElement>(null);
  const [removing, setRemoving] = useState<Resource | null>(null);
  const key = [...keys.org(org.id), "resources"];
  const action = useAction([key]);
  // The dialog can be closed and opened again after a lost response: the same input is then the
  // same change.
  const saving = useAction([key]);
  const create = useAccess(org.id, { action: "create_resource" });
  const resources = usePages<Resource>([...key, kind], (client, cursor, signal) =>
    client.get("/v1/orgs/{org_id}/resources", {
      params: { path: { org_id: org.id }, query: { ...(kind && { kind }), cursor } },
      signal,
    }),
  );
  const { ruleOf, ...checked } = useRules(org, resources.data?.data ?? []);
  const remove = async (resource: Resource): Promise<boolean> => {
    const done = await action.run(["delete", resource.id], (client, init) =>
      client.delete("/v1/orgs/{org_id}/resources/{resource_id}", {
        params: { path: { org_id: org.id, resource_id: resource.id } },
        ...init,
      }),
    );
    if (done) showMessage(t.resources.removed(resource.name));
    return done !== null;
  };
  const columns: Column<Resource>[] = [
    { label: t.orgs.name, kind: "heading", cell: (resource) => resource.name },
    { label: t.resources.kind, cell: (resource) => t.resources.kinds[resource.kind] },
    {
      label: t.resources.cost,
      cell: ({ cost_class }) => (
        <Badge testId={`cost-${cost_class}`} kind={cost_class === "high" ? "warning" : "plain"}>
          {t.resources.costs[cost_class]}
        </Badge>
      ),
    },
    { label: t.resources.created, cell: (resource) => format.day(resource.created_at) },
    {
      label: t.members.actions,
      kind: "actions",
      cell: (resource) => {
        const rule = ruleOf(resource);
        return (
          <Menu
            label={t.resources.actionsFor(resource.name)}
            testId="resource-menu"
            entries={[
              {
                label: t.resources.edit,
                testId: "edit-resource",
                access: rule.update,
                isPending: !rule.update,
                onSelect: () => setEditing(resource),
              },
              {
                label: t.resources.remove,
                testId: "delete-resource",
                access: rule.remove,
                isPending: !rule.remove,
                isDangerous: true,
                onSelect: () => setRemoving(resource),
              },
            ]}
          />
        );
      },
    },
  ];
  return (
    <>
      <Toolbar heading={heading ?? <Title>{t.resources.title}</Title>}>
        <Button
          kind="primary"
          testId="create-resource"
          access={create}
          onClick={() => setEditing("new")}
        >
          {t.resources.create}
        </Button>
      </Toolbar>
      <div className="orgs-filters">
        <SelectField
          testId="resource-kind-filter"
          label={t.resources.kind}
          value={kind}
          onChange={setKind}
          options={[
            { value: "", label: t.resources.every },
            ...KINDS.map((one) => ({ value: one, label: t.resources.kinds[one] })),
          ]}
        />
      </div>
      <ErrorNotice failure={checked.failure} onRetry={checked.reload} />
      <Table
        testId="resources-table"
        caption={t.resources.title}
        columns={columns}
        list={resources}
        regionRef={region}
        rowKey={(resource) => resource.id}
        rowTestId={() => "resource-row"}
        empty={
          kind ? (
            <Empty testId="resources-empty" title={t.resources.noneOfKind} />
          ) : (
            <Empty testId="resources-empty" title={t.resources.none}>
              <p>{t.resources.noneDetail}</p>
            </Empty>
          )
        }
      />
      <Pager pages={resources} />
      {editing && (
        <ResourceDialog
          org={org}
          resource={editing === "new" ? null : editing}
          action={saving}
          onClose={() => {
            saving.forget();
            setEditing(null);
          }}
        />
      )}
      {removing && (
        <ConfirmDialog
          title={t.resources.removeTitle(removing.name)}
          detail={t.resources.removeDetail(t.resources.kinds[removing.kind])}
          label={t.resources.remove}
          action={action}
          run={() => remove(removing)}
          focusAfter={region}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  );
}
