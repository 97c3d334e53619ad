import { ifMatch } from "@organizations/client";
import { useState } from "react";
import { fieldError, reason } from "../failure.ts";
import { useOrganizations } from "../provider.tsx";
import { type Action, keys, useAccess, useInvalidate } from "../queries.ts";
import { type CostClass, KINDS, type Org, type Resource, type ResourceKind } from "../types.ts";
import { Dialog } from "../ui/dialog.tsx";
import { SelectField, TextField } from "../ui/fields.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { BudgetSummary } from "../usage/budget-summary.tsx";

interface ResourceDialogProps {
  org: Org;
  /** The resource to edit. Null creates one. */
  resource: Resource | null;
  action: Action;
  onClose: () => void;
}

/** Creates or edits a resource. */
export function ResourceDialog({ org, resource, action, onClose }: ResourceDialogProps) {
  const { client, texts: t, showMessage } = useOrganizations();
  const invalidate = useInvalidate();
  const key = [...keys.org(org.id), "resources"];
  const [base, setBase] = useState(resource);
  const [kind, setKind] = useState<ResourceKind>(resource?.kind ?? "agent");
  const [name, setName] = useState(resource?.name ?? "");
  const [cost, setCost] = useState<CostClass>(resource?.cost_class ?? "standard");
  const high = useAccess(org.id, { action: "create_resource", cost_class: "high" });
  const isHighDenied = high?.decision === "deny" && base?.cost_class !== "high";
  // Show the budget before the person creates a resource that can use many credits.
  const isCostly = kind === "source" || cost === "high";
  const run = async () => {
    const body = { name, ...(cost !== base?.cost_class && { cost_class: cost }) };
    const done = base
      ? await action.run(["update", base.id, base.version, body], (client, { headers }) =>
          client.patch("/v1/orgs/{org_id}/resources/{resource_id}", {
            params: { path: { org_id: org.id, resource_id: base.id } },
            body,
            headers: { ...headers, ...ifMatch(base.version) },
          }),
        )
      : await action.run(["create", kind, body], (client, init) =>
          client.post("/v1/orgs/{org_id}/resources", {
            params: { path: { org_id: org.id } },
            body: { kind, ...body },
            ...init,
          }),
        );
    if (!done) return;
    showMessage(resource ? t.resources.changed(done.data.name) : t.resources.made(done.data.name));
    onClose();
  };
  /** Loads the latest version after a conflict. The fields keep what was typed. */
  const loadLatest = async () => {
    if (!base) return;
    const params = { path: { org_id: org.id, resource_id: base.id } };
    invalidate(key);
    const latest = await client
      .get("/v1/orgs/{org_id}/resources/{resource_id}", { params })
      .catch(() => null);
    if (!latest) return;
    // Fields that this person did not change take the other person's values.
    if (name === base.name) setName(latest.name);
    if (cost === base.cost_class) setCost(latest.cost_class);
    setBase(latest);
    action.forget();
  };
  return (
    <Dialog
      title={resource ? t.resources.editOf(resource.name) : t.resources.create}
      onClose={onClose}
      action={{
        label: resource ? t.save : t.resources.createAction,
        isBusy: action.isBusy,
        run,
      }}
    >
      {!resource && (
        <SelectField
          testId="resource-kind"
          label={t.resources.kind}
          value={kind}
          onChange={setKind}
          options={KINDS.map((one) => ({ value: one, label: t.resources.kinds[one] }))}
        />
      )}
      <TextField
        testId="resource-name"
        label={t.orgs.name}
        error={fieldError(action.failure, "/name", t)}
        isRequired
        maxLength={128}
        value={name}
        onChange={setName}
      />
      <SelectField
        testId="resource-cost"
        label={t.resources.cost}
        hint={high && isHighDenied ? reason(high, t) : t.resources.costHint}
        value={cost}
        onChange={setCost}
        options={[
          { value: "standard", label: t.resources.costs.standard },
          { value: "high", label: t.resources.costs.high, isDisabled: isHighDenied },
        ]}
      />
      {isCostly && <BudgetSummary orgId={org.id} />}
      <ErrorNotice
        failure={action.failure}
        onRetry={action.failure?.status === 412 ? loadLatest : run}
        keepsInput
      />
    </Dialog>
  );
}
