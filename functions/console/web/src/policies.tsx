// The organization's policies: ready-made ones to switch on, and an editor for the Cedar text.

import { useRef, useState } from "preact/hooks";
import { useAction, useLoad } from "./api.ts";
import type { OrgPageProps } from "./org-page.ts";
import { t } from "./texts.ts";
import type { Policies } from "./types.ts";
import { Form, Section } from "./ui/form.tsx";
import { Button, ErrorNotice, Field, showToast } from "./ui.tsx";

/** Ready-made policies. docs/guides/policies.md explains them. */
const READY = [
  {
    id: "owners-invite",
    text: `@id("owners-invite") @reason("here, owners invite")
forbid (principal, action in [Orgs::Action::"invite_member", Orgs::Action::"invite_members", Orgs::Action::"resend_invitation"], resource)
unless { principal in Orgs::Role::"owner" };
`,
  },
  {
    id: "owners-remove",
    text: `@id("owners-remove") @reason("here, owners remove members")
forbid (principal, action == Orgs::Action::"remove_member", resource)
unless { principal in Orgs::Role::"owner" };
`,
  },
  {
    id: "office-hours",
    text: `@id("office-hours") @reason("changes are made in office hours")
forbid (principal, action, resource)
when { context has at && (context.at.hour < 7 || context.at.hour >= 19 || context.at.weekday > 5) }
unless { action in Orgs::Action::"reads" };
`,
  },
  {
    id: "no-agents",
    text: `@id("no-agents") @reason("agents are for administrators")
forbid (principal, action == Orgs::Action::"use_resource", resource)
when { resource.kind == Orgs::ResourceKind::"agent" }
unless { principal in Orgs::Role::"administrator" };
`,
  },
] as const;

export function PolicyEditor(props: OrgPageProps) {
  const policies = useLoad<Policies>(`/orgs/${props.org.id}/policies`);
  return (
    <Section
      testId="settings-policies"
      title={t.policies.title}
      check={props.permissions.setPolicies}
    >
      <p>{t.policies.intro}</p>
      {policies.data && <ErrorNotice problem={policies.problem} again={policies.reload} />}
      {policies.data ? (
        <PolicyForm
          key={policies.loads}
          {...props}
          stored={policies.data}
          again={policies.reload}
        />
      ) : policies.problem ? (
        <ErrorNotice problem={policies.problem} again={policies.reload} />
      ) : (
        <p class="quiet" aria-busy="true">
          {t.loading}
        </p>
      )}
    </Section>
  );
}

function PolicyForm({
  org,
  permissions,
  stored,
  reload,
  again,
}: OrgPageProps & { stored: Policies; again: () => void }) {
  const [base, setBase] = useState(stored);
  const [text, setText] = useState(stored.policies);
  const [isOpen, setIsOpen] = useState(false);
  const action = useAction();
  const area = useRef<HTMLTextAreaElement>(null);
  const toggle = (part: string, isOn: boolean) =>
    setText(
      isOn ? text.replace(part, "") : `${text && !text.endsWith("\n") ? `${text}\n` : text}${part}`,
    );
  const save = async () => {
    const answer = await action.run<Policies>({
      method: "PUT",
      path: `/orgs/${org.id}/policies`,
      version: base.version,
      body: { policies: text },
    });
    if (answer && !answer.ok && answer.problem.errors) setIsOpen(true);
    if (!answer?.ok) return;
    showToast(t.saved);
    setBase(answer.data);
    // The new policies can change the caller's permissions.
    reload();
  };
  /** Moves the cursor to the position of an error. */
  const show = (line: number, column: number) => {
    const start =
      text
        .split("\n")
        .slice(0, line - 1)
        .reduce((sum, one) => sum + one.length + 1, 0) +
      column -
      1;
    area.current?.focus();
    area.current?.setSelectionRange(start, start + 1);
  };
  const places = (action.problem?.errors ?? []).flatMap(({ detail }) => {
    const [, line, column] = detail.match(/^line (\d+), column (\d+)/) ?? [];
    return line && column ? [{ line: Number(line), column: Number(column) }] : [];
  });
  return (
    <>
      <Form check={permissions.setPolicies} isBusy={action.isBusy} onSubmit={save}>
        {READY.map(({ id, text: part }) => {
          const isOn = text.includes(part);
          const isChanged = !isOn && text.includes(`@id("${id}")`);
          return (
            <label class="check" key={id}>
              <input
                type="checkbox"
                data-testid={`policy-${id}`}
                checked={isOn || isChanged}
                disabled={isChanged}
                onChange={() => toggle(part, isOn)}
              />{" "}
              {t.policies.ready[id]}
              {isChanged && <span class="quiet"> {t.policies.byHand}</span>}
            </label>
          );
        })}
        <details open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
          <summary data-testid="policies-advanced">{t.policies.advanced}</summary>
          <Field testId="policies-text" label={t.policies.text} hint={t.policies.textHint}>
            {(field) => (
              <textarea
                {...field}
                ref={area}
                class="code"
                rows={12}
                spellcheck={false}
                value={text}
                onInput={(event) => setText(event.currentTarget.value)}
              />
            )}
          </Field>
        </details>
      </Form>
      <ErrorNotice problem={action.problem} again={action.problem?.status === 412 ? again : save} />
      {places.map(({ line, column }) => (
        <Button
          key={`${line}:${column}`}
          testId={`policies-place-${line}-${column}`}
          kind="link"
          onClick={() => show(line, column)}
        >
          {t.policies.show(line, column)}
        </Button>
      ))}
    </>
  );
}
