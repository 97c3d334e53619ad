import { ifMatch } from "@organizations/client";
import { useState } from "react";
import { reason } from "../failure.ts";
import { NameFields } from "../organizations/name-fields.tsx";
import { useOrganizations } from "../provider.tsx";
import { keys, useAccess, useAction, useOrganization } from "../queries.ts";
import type { Org } from "../types.ts";
import { SelectField } from "../ui/fields.tsx";
import { FormFor, type FormProps } from "../ui/loading.tsx";
import { Section, SectionForm } from "../ui/section.tsx";

/** The name, the description, and who may create costly resources. */
export function GeneralSettings({ org }: { org: Org }) {
  const { texts: t } = useOrganizations();
  const access = useAccess(org.id, { action: "update_org" });
  const loaded = useOrganization(org.id);
  return (
    <Section testId="settings-general" title={t.settings.general} access={access}>
      <FormFor loaded={loaded}>{(props) => <GeneralForm {...props} />}</FormFor>
    </Section>
  );
}

function GeneralForm({ base, onSaved, onLoadLatest }: FormProps<Org>) {
  const { texts: t, showMessage } = useOrganizations();
  const [name, setName] = useState(base.name);
  const [description, setDescription] = useState(base.description ?? "");
  const [creators, setCreators] = useState(base.settings.high_cost_creators);
  const access = useAccess(base.id, { action: "update_org" });
  const settings = useAccess(base.id, { action: "update_org", settings: true });
  const action = useAction([keys.org(base.id), keys.orgs]);
  const save = async () => {
    const body = {
      name,
      description: description || null,
      ...(creators !== base.settings.high_cost_creators && {
        settings: { high_cost_creators: creators },
      }),
    };
    const done = await action.run([base.version, body], (client, { headers }) =>
      client.patch("/v1/orgs/{org_id}", {
        params: { path: { org_id: base.id } },
        body,
        headers: { ...headers, ...ifMatch(base.version) },
      }),
    );
    if (!done) return;
    showMessage(t.saved);
    onSaved(done.data as Org);
  };
  return (
    <SectionForm access={access} action={action} onSave={save} onLoadLatest={onLoadLatest}>
      <NameFields
        testId="settings"
        failure={action.failure}
        name={name}
        onName={setName}
        description={description}
        onDescription={setDescription}
      />
      <SelectField
        testId="settings-creators"
        label={t.settings.creators}
        hint={settings?.decision === "deny" ? reason(settings, t) : t.settings.creatorsHint}
        isDisabled={settings?.decision !== "allow"}
        value={creators}
        onChange={setCreators}
        options={[
          { value: "administrator", label: t.settings.administrators },
          { value: "owner", label: t.settings.owners },
        ]}
      />
    </SectionForm>
  );
}
