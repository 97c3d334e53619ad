import { ifMatch } from "@organizations/client";
import { useRef, useState } from "react";
import { useOrganizations } from "../provider.tsx";
import { keys, useAccess, useAction, useLoad } from "../queries.ts";
import type { Org, OrgPolicies } from "../types.ts";
import { Button } from "../ui/button.tsx";
import { Checkbox, TextArea } from "../ui/fields.tsx";
import { FormFor, type FormProps } from "../ui/loading.tsx";
import { SectionForm } from "../ui/section.tsx";
import { ReadableSection } from "./readable-section.tsx";
import { READY_POLICIES } from "./ready-policies.ts";

/** The organization's own policies: ready-made ones to switch on, and an editor for the text. */
export function PolicySettings({ org }: { org: Org }) {
  const { texts: t } = useOrganizations();
  return (
    <ReadableSection
      orgId={org.id}
      testId="settings-policies"
      title={t.policies.title}
      read={{ action: "get_policies" }}
      write={{ action: "set_policies" }}
    >
      <LoadedPolicies org={org} />
    </ReadableSection>
  );
}

function LoadedPolicies({ org }: { org: Org }) {
  const { texts: t } = useOrganizations();
  const policies = useLoad([...keys.org(org.id), "policies"], (client, signal) =>
    client.get("/v1/orgs/{org_id}/policies", { params: { path: { org_id: org.id } }, signal }),
  );
  return (
    <>
      <p>{t.policies.intro}</p>
      <FormFor loaded={policies}>{(props) => <PolicyForm org={org} {...props} />}</FormFor>
    </>
  );
}

function PolicyForm({ org, base, onSaved, onLoadLatest }: FormProps<OrgPolicies> & { org: Org }) {
  const { texts: t, showMessage } = useOrganizations();
  const [text, setText] = useState(base.policies);
  const [isOpen, setIsOpen] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const access = useAccess(org.id, { action: "set_policies" });
  // The new policies can change what the person is allowed to do.
  const action = useAction([keys.org(org.id)]);
  const errors = action.failure?.errors;
  const toggle = (part: string, isOn: boolean) =>
    setText(
      isOn ? text.replace(part, "") : `${text && !text.endsWith("\n") ? `${text}\n` : text}${part}`,
    );
  const save = async () => {
    const body = { policies: text };
    const done = await action.run([base.version, body], (client, { headers }) =>
      client.put("/v1/orgs/{org_id}/policies", {
        params: { path: { org_id: org.id } },
        body,
        headers: { ...headers, ...ifMatch(base.version) },
      }),
    );
    if (!done) return;
    showMessage(t.saved);
    onSaved(done.data);
  };
  /** Moves the cursor to the position of an error. */
  const showPosition = (line: number, column: number) => {
    const lines = text.split("\n").slice(0, line - 1);
    const start = lines.reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    area.current?.focus();
    area.current?.setSelectionRange(start, start + 1);
  };
  const positions = (errors ?? []).flatMap(({ detail }) => {
    const [, line, column] = detail.match(/^line (\d+), column (\d+)/) ?? [];
    return line && column ? [{ line: Number(line), column: Number(column) }] : [];
  });
  return (
    <>
      <SectionForm access={access} action={action} onSave={save} onLoadLatest={onLoadLatest}>
        {READY_POLICIES.map(({ id, text: part }) => {
          const isOn = text.includes(part);
          const isEdited = !isOn && text.includes(`@id("${id}")`);
          return (
            <Checkbox
              key={id}
              testId={`policy-${id}`}
              label={t.policies.ready[id]}
              note={isEdited ? t.policies.byHand : undefined}
              isChecked={isOn || isEdited}
              isDisabled={isEdited}
              onChange={() => toggle(part, isOn)}
            />
          );
        })}
        <details
          open={isOpen || errors !== undefined}
          onToggle={(event) => setIsOpen(event.currentTarget.open)}
        >
          <summary data-testid="policies-advanced">{t.policies.advanced}</summary>
          <TextArea
            testId="policies-text"
            label={t.policies.text}
            hint={t.policies.textHint}
            rows={12}
            isCode
            areaRef={area}
            value={text}
            onChange={setText}
          />
        </details>
      </SectionForm>
      {positions.map(({ line, column }) => (
        <Button
          key={`${line}:${column}`}
          testId={`policies-place-${line}-${column}`}
          kind="link"
          onClick={() => showPosition(line, column)}
        >
          {t.policies.show(line, column)}
        </Button>
      ))}
    </>
  );
}
