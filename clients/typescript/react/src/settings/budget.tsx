import { ifMatch } from "@organizations/client";
import { useState } from "react";
import { readAmount, showAmount } from "../amount.ts";
import { fieldError } from "../failure.ts";
import { useOrganizations } from "../provider.tsx";
import { keys, useAccess, useAction } from "../queries.ts";
import type { Budget, Org } from "../types.ts";
import { Checkbox, TextField } from "../ui/fields.tsx";
import { FormFor, type FormProps } from "../ui/loading.tsx";
import { Section, SectionForm } from "../ui/section.tsx";
import { useBudget } from "../usage/budget-summary.tsx";

/** The monthly budget, its alerts, and whether it is enforced. */
export function BudgetSettings({ org }: { org: Org }) {
  const { texts: t } = useOrganizations();
  const access = useAccess(org.id, { action: "set_budget" });
  return (
    <Section testId="settings-budget" title={t.budget.title} access={access}>
      <FormFor loaded={useBudget(org.id)}>
        {(props) => <BudgetForm orgId={org.id} {...props} />}
      </FormFor>
    </Section>
  );
}

function BudgetForm({ orgId, base, onSaved, onLoadLatest }: FormProps<Budget> & { orgId: string }) {
  const { texts: t, format, showMessage } = useOrganizations();
  const [monthly, setMonthly] = useState(showAmount(base.monthly_credits ?? "", format.locale));
  const [thresholds, setThresholds] = useState(base.thresholds.join(", "));
  const [enforce, setEnforce] = useState(base.enforce);
  const access = useAccess(orgId, { action: "set_budget" });
  const action = useAction([[...keys.org(orgId), "budget"]]);
  const save = async () => {
    const marks = thresholds
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map(Number);
    const body = {
      monthly_credits: readAmount(monthly, format.locale) || null,
      thresholds: marks,
      enforce,
    };
    const done = await action.run([base.version, body], (client, { headers }) =>
      client.put("/v1/orgs/{org_id}/budget", {
        params: { path: { org_id: orgId } },
        body,
        headers: { ...headers, ...ifMatch(base.version) },
      }),
    );
    if (!done) return;
    showMessage(t.saved);
    onSaved(done.data);
  };
  return (
    <SectionForm access={access} action={action} onSave={save} onLoadLatest={onLoadLatest}>
      <TextField
        testId="budget-credits"
        label={t.budget.monthly}
        hint={t.budget.monthlyHint(format.lastDay(base.period.end))}
        error={fieldError(action.failure, "/monthly_credits", t)}
        inputMode="decimal"
        value={monthly}
        onChange={setMonthly}
      />
      <TextField
        testId="budget-thresholds"
        label={t.budget.thresholds}
        hint={t.budget.thresholdsHint}
        error={fieldError(action.failure, "/thresholds", t)}
        value={thresholds}
        onChange={setThresholds}
      />
      <Checkbox
        testId="budget-enforce"
        label={t.budget.enforce}
        isChecked={enforce}
        onChange={setEnforce}
      />
    </SectionForm>
  );
}
