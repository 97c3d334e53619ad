import { ifMatch } from "@organizations/client";
import { useState } from "react";
import { fieldError } from "../failure.ts";
import { useOrganizations } from "../provider.tsx";
import { keys, useAccess, useAction, useLoad, useMe } from "../queries.ts";
import type { Billing, BillingMode, Me, Org } from "../types.ts";
import { SelectField, TextField } from "../ui/fields.tsx";
import { FormFor, type FormProps, WhenLoaded } from "../ui/loading.tsx";
import { SectionForm } from "../ui/section.tsx";
import { ReadableSection } from "./readable-section.tsx";

/** Who pays for the organization, and the address for bills. */
export function BillingSettings({ org }: { org: Org }) {
  const { texts: t } = useOrganizations();
  return (
    <ReadableSection
      orgId={org.id}
      testId="settings-billing"
      title={t.billing.title}
      read={{ action: "get_billing" }}
      write={{ action: "set_billing" }}
    >
      <LoadedBilling org={org} />
    </ReadableSection>
  );
}

function LoadedBilling({ org }: { org: Org }) {
  const me = useMe();
  const billing = useLoad([...keys.org(org.id), "billing"], (client, signal) =>
    client.get("/v1/orgs/{org_id}/billing", { params: { path: { org_id: org.id } }, signal }),
  );
  return (
    <WhenLoaded loaded={me}>
      {(person) => (
        <FormFor loaded={billing}>
          {(props) => <BillingForm org={org} me={person} {...props} />}
        </FormFor>
      )}
    </WhenLoaded>
  );
}

/** The choice in the form. `other` keeps the account of another owner. */
type Choice = BillingMode | "other";

function BillingForm({
  org,
  me,
  base,
  onSaved,
  onLoadLatest,
}: FormProps<Billing> & { org: Org; me: Me }) {
  const { texts: t, format, showMessage } = useOrganizations();
  const choiceOf = (billing: Billing): Choice =>
    billing.mode === "account" && billing.account_id !== me.account_id ? "other" : billing.mode;
  const isOther = choiceOf(base) === "other";
  const [mode, setMode] = useState<Choice>(choiceOf(base));
  const [email, setEmail] = useState(base.email ?? "");
  const access = useAccess(org.id, { action: "set_billing" });
  const action = useAction([[...keys.org(org.id), "billing"]]);
  const save = async () => {
    const body = {
      ...(mode !== "other" && (mode !== base.mode || isOther) && { mode }),
      ...(email && email !== base.email && { email }),
    };
    const done = await action.run([base.version, body], (client, { headers }) =>
      client.put("/v1/orgs/{org_id}/billing", {
        params: { path: { org_id: org.id } },
        body,
        headers: { ...headers, ...ifMatch(base.version) },
      }),
    );
    if (!done) return;
    showMessage(t.saved);
    onSaved(done.data);
    setMode(choiceOf(done.data));
  };
  const modes: BillingMode[] = ["account", "independent"];
  return (
    <>
      <p className="orgs-quiet">{t.billing.now(base.account_id, format.day(base.paid_since))}</p>
      <SectionForm access={access} action={action} onSave={save} onLoadLatest={onLoadLatest}>
        <SelectField
          testId="billing-mode"
          label={t.billing.mode}
          hint={
            org.billing_modes.length > 1
              ? t.billing.modeHint
              : `${t.billing.modeHint} ${t.billing.restricted}`
          }
          value={mode}
          onChange={setMode}
          options={[
            ...(isOther ? [{ value: "other" as const, label: t.billing.otherOwner }] : []),
            ...modes.map((one) => ({
              value: one,
              label: t.billing.modes[one],
              isDisabled: !org.billing_modes.includes(one) && (isOther || one !== base.mode),
            })),
          ]}
        />
        <TextField
          testId="billing-email"
          type="email"
          label={t.billing.email}
          error={fieldError(action.failure, "/email", t)}
          isRequired={base.email !== null}
          value={email}
          onChange={setEmail}
        />
      </SectionForm>
    </>
  );
}
