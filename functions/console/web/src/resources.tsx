// The agents, knowledge bases and sources of an organization.

import { useState } from "preact/hooks";
import { type Answer, get, type Loaded, path, useAction, useLoad } from "./api.ts";
import { onDay } from "./format.ts";
import { check, type OrgPageProps, type Permissions } from "./org-page.ts";
import { t } from "./texts.ts";
import {
  type Check,
  type Checked,
  type CostClass,
  KINDS,
  type Kind,
  type Resource,
} from "./types.ts";
import {
  Button,
  Chip,
  Confirm,
  Dialog,
  Empty,
  ErrorNotice,
  Field,
  fieldError,
  Heading,
  Pager,
  reason,
  showToast,
  Table,
  usePages,
} from "./ui.tsx";
import { Budget } from "./usage.tsx";

/** Access checks for one resource of each kind and cost class. Policies depend on these alone. */
type Rules = Record<string, { update: Checked | undefined; remove: Checked | undefined }>;

const sort = ({ kind, cost_class }: Resource): string => `${kind} ${cost_class}`;

function useRules({ org }: OrgPageProps, resources: Resource[]): Loaded<Rules> {
  const samples = [...new Map(resources.map((resource) => [sort(resource), resource])).values()];
  const checks = samples.flatMap(({ id }): Check[] => [
    { action: "update_resource", resource_id: id },
    { action: "delete_resource", resource_id: id },
  ]);
  const load = async (): Promise<Answer<Rules>> => {
    const answer = await check(org.id, checks);
    if (!answer.ok) return answer;
    const rules = samples.map((sample, at) => [
      sort(sample),
      { update: answer.data.results[at * 2], remove: answer.data.results[at * 2 + 1] },
    ]);
    return { ...answer, data: Object.fromEntries(rules) };
  };
  return useLoad<Rules>(samples.length > 0 ? JSON.stringify([org.role, checks]) : null, load);
}

export function Resources(props: OrgPageProps) {
  const { org, permissions } = props;
  const [kind, setKind] = useState("");
  const [editing, setEditing] = useState<Resource | "new" | null>(null);
  const [removing, setRemoving] = useState<Resource | null>(null);
  const action = useAction();
  const resources = usePages<Resource>(`/orgs/${org.id}/resources`, { kind }, path);
  const rules = useRules(props, resources.data?.data ?? []);
  const closeDialog = () => {
    setRemoving(null);
    action.forget();
  };
  return (
    <>
      <div class="head">
        <Heading>{t.resources.title}</Heading>
        <Button
          kind="main"
          testId="create-resource"
          check={permissions.createResource}
          onClick={() => setEditing("new")}
        >
          {t.resources.create}
        </Button>
      </div>
      <div class="filters">
        <Field testId="resource-kind-filter" label={t.resources.kind}>
          {(field) => (
            <select
              {...field}
              value={kind}
              onChange={(event) => setKind(event.currentTarget.value)}
            >
              <option value="">{t.resources.every}</option>
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {t.resources.kinds[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <ErrorNotice problem={rules.problem} again={rules.reload} />
      <Table
        testId="resources-table"
        caption={t.resources.title}
        heads={[
          t.orgs.name,
          t.resources.kind,
          t.resources.cost,
          t.resources.created,
          t.members.actions,
        ]}
        pages={resources}
        empty={
          kind ? (
            <Empty testId="resources-empty" title={t.resources.noneOfKind} />
          ) : (
            <Empty testId="resources-empty" title={t.resources.none}>
              <p>{t.resources.noneDetail}</p>
            </Empty>
          )
        }
        row={(resource) => {
          const rule = rules.data?.[sort(resource)];
          return (
            <tr key={resource.id} data-testid="resource-row">
              <th scope="row">{resource.name}</th>
              <td>{t.resources.kinds[resource.kind]}</td>
              <td>
                <Chip
                  testId={`cost-${resource.cost_class}`}
                  kind={resource.cost_class === "high" ? "warn" : "plain"}
                >
                  {t.resources.costs[resource.cost_class]}
                </Chip>
              </td>
              <td>{onDay(resource.created_at)}</td>
              <td class="row-actions">
                <Button
                  kind="link"
                  testId="edit-resource"
                  check={rule?.update}
                  isDisabled={!rule}
                  label={t.resources.editOf(resource.name)}
                  onClick={() => setEditing(resource)}
                >
                  {t.resources.edit}
                </Button>
                <Button
                  kind="link"
                  testId="delete-resource"
                  check={rule?.remove}
                  isDisabled={!rule}
                  label={t.resources.removeOf(resource.name)}
                  onClick={() => {
                    action.forget();
                    setRemoving(resource);
                  }}
                >
                  {t.resources.remove}
                </Button>
              </td>
            </tr>
          );
        }}
      />
      <Pager pages={resources} />
      {editing && (
        <Edit
          org={org.id}
          permissions={permissions}
          resource={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onDone={resources.reload}
        />
      )}
      {removing && (
        <Confirm
          title={t.resources.removeTitle(removing.name)}
          detail={t.resources.removeDetail(t.resources.kinds[removing.kind])}
          label={t.resources.remove}
          action={action}
          request={{ method: "DELETE", path: `/orgs/${org.id}/resources/${removing.id}` }}
          onClose={closeDialog}
          onDone={() => {
            closeDialog();
            showToast(t.resources.removed(removing.name));
            resources.reload();
          }}
        />
      )}
    </>
  );
}

function Edit({
  org,
  permissions,
  resource,
  onClose,
  onDone,
}: {
  org: string;
  permissions: Permissions;
  resource: Resource | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const [base, setBase] = useState(resource);
  const [kind, setKind] = useState<Kind>(resource?.kind ?? "agent");
  const [name, setName] = useState(resource?.name ?? "");
  const [cost, setCost] = useState<CostClass>(resource?.cost_class ?? "standard");
  const action = useAction();
  const high = permissions.createHigh;
  // Show the budget before the person creates a resource that can use many credits.
  const isCostly = kind === "source" || cost === "high";
  const run = async () => {
    const answer = base
      ? await action.run<Resource>({
          method: "PATCH",
          path: `/orgs/${org}/resources/${base.id}`,
          version: base.version,
          body: { name, ...(cost !== base.cost_class && { cost_class: cost }) },
        })
      : await action.run<Resource>({
          method: "POST",
          path: `/orgs/${org}/resources`,
          body: { kind, name, cost_class: cost },
        });
    if (!answer?.ok) return;
    showToast(
      resource ? t.resources.changed(answer.data.name) : t.resources.made(answer.data.name),
    );
    onDone();
    onClose();
  };
  /** Loads the latest version after a conflict. The fields keep what was typed. */
  const fresh = async () => {
    const answer = await get<Resource>(`/orgs/${org}/resources/${resource?.id}`);
    onDone();
    action.forget();
    if (answer.ok) setBase(answer.data);
  };
  return (
    <Dialog
      title={resource ? t.resources.editOf(resource.name) : t.resources.create}
      onClose={onClose}
      action={{
        label: resource ? t.save : t.resources.createAction,
        kind: "main",
        isBusy: action.isBusy,
        run,
      }}
    >
      {!resource && (
        <Field testId="resource-kind" label={t.resources.kind}>
          {(field) => (
            <select
              {...field}
              value={kind}
              onChange={(event) => setKind(event.currentTarget.value as Kind)}
            >
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {t.resources.kinds[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <Field testId="resource-name" label={t.orgs.name} error={fieldError(action.problem, "/name")}>
        {(field) => (
          <input
            {...field}
            required
            maxLength={64}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field
        testId="resource-cost"
        label={t.resources.cost}
        hint={
          high?.decision === "deny" && base?.cost_class !== "high"
            ? reason(high)
            : t.resources.costHint
        }
      >
        {(field) => (
          <select
            {...field}
            value={cost}
            onChange={(event) => setCost(event.currentTarget.value as CostClass)}
          >
            <option value="standard">{t.resources.costs.standard}</option>
            <option
              value="high"
              disabled={high?.decision === "deny" && base?.cost_class !== "high"}
            >
              {t.resources.costs.high}
            </option>
          </select>
        )}
      </Field>
      {isCostly && <Budget org={org} />}
      <ErrorNotice
        problem={action.problem}
        again={action.problem?.status === 412 ? fresh : run}
        keeps
      />
    </Dialog>
  );
}
