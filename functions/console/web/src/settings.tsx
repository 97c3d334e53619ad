// The settings of an organization: name, budget, billing, policies and deletion.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Loaded, useAction, useLoad } from "./api.ts";
import { onDay, utc } from "./format.ts";
import type { OrgPageProps } from "./org-page.ts";
import { PolicyEditor } from "./policies.tsx";
import { useSession } from "./session.ts";
import { t } from "./texts.ts";
import type { BillingMode, Billing as BillingOf, Budget as BudgetOf, Org } from "./types.ts";
import { Form, Section } from "./ui/form.tsx";
import {
  Button,
  Confirm,
  ErrorNotice,
  Field,
  fieldError,
  Heading,
  reason,
  showToast,
} from "./ui.tsx";

export function Settings(props: OrgPageProps) {
  const { org, permissions, reload } = props;
  return (
    <>
      <Heading>{t.settings.title}</Heading>
      <General {...props} />
      <Budget {...props} />
      {permissions.getBilling?.decision === "allow" ? (
        <Billing {...props} />
      ) : (
        <Section testId="settings-billing" title={t.billing.title} check={permissions.getBilling} />
      )}
      {permissions.getPolicies?.decision === "allow" ? (
        <PolicyEditor {...props} />
      ) : (
        <Section
          testId="settings-policies"
          title={t.policies.title}
          check={permissions.getPolicies}
        />
      )}
      <DangerZone org={org} permissions={permissions} reload={reload} />
    </>
  );
}

function General(props: OrgPageProps) {
  const org = useLoad<Org>(`/orgs/${props.org.id}`);
  return (
    <Section
      testId="settings-general"
      title={t.settings.general}
      check={props.permissions.updateOrg}
    >
      <WhenLoaded loaded={org}>
        {(data) => <GeneralForm key={org.loads} {...props} org={data} again={org.reload} />}
      </WhenLoaded>
    </Section>
  );
}

function GeneralForm({ org, permissions, reload, again }: OrgPageProps & { again: () => void }) {
  const [base, setBase] = useState(org);
  const [name, setName] = useState(org.name);
  const [description, setDescription] = useState(org.description ?? "");
  const [creators, setCreators] = useState(org.settings.high_cost_creators);
  const action = useAction();
  const mayAll = permissions.updateSettings?.decision === "allow";
  const save = async () => {
    const body = {
      name,
      description: description || null,
      ...(creators !== base.settings.high_cost_creators && {
        settings: { high_cost_creators: creators },
      }),
    };
    const answer = await action.run<Org>({
      method: "PATCH",
      path: `/orgs/${org.id}`,
      version: base.version,
      body,
    });
    if (!answer?.ok) return;
    showToast(t.saved);
    setBase(answer.data);
    reload();
  };
  return (
    <>
      <Form check={permissions.updateOrg} isBusy={action.isBusy} onSubmit={save}>
        <Field
          testId="settings-name"
          label={t.orgs.name}
          error={fieldError(action.problem, "/name")}
        >
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
          testId="settings-description"
          label={t.orgs.description}
          error={fieldError(action.problem, "/description")}
        >
          {(field) => (
            <textarea
              {...field}
              rows={2}
              maxLength={500}
              value={description}
              onInput={(event) => setDescription(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field
          testId="settings-creators"
          label={t.settings.creators}
          hint={
            mayAll || !permissions.updateSettings
              ? t.settings.creatorsHint
              : reason(permissions.updateSettings)
          }
        >
          {(field) => (
            <select
              {...field}
              disabled={!mayAll}
              value={creators}
              onChange={(event) => setCreators(event.currentTarget.value as typeof creators)}
            >
              <option value="administrator">{t.settings.administrators}</option>
              <option value="owner">{t.settings.owners}</option>
            </select>
          )}
        </Field>
      </Form>
      <ErrorNotice problem={action.problem} again={action.problem?.status === 412 ? again : save} />
    </>
  );
}

/** Shows its children when the data is loaded, or the error. */
function WhenLoaded<T>({
  loaded,
  children,
}: {
  loaded: Loaded<T>;
  children: (data: T) => ComponentChildren;
}) {
  if (loaded.data)
    return (
      <>
        <ErrorNotice problem={loaded.problem} again={loaded.reload} />
        {children(loaded.data)}
      </>
    );
  return loaded.problem ? (
    <ErrorNotice problem={loaded.problem} again={loaded.reload} />
  ) : (
    <p class="quiet" aria-busy="true">
      {t.loading}
    </p>
  );
}

function Budget(props: OrgPageProps) {
  const budget = useLoad<BudgetOf>(`/orgs/${props.org.id}/budget`);
  return (
    <Section testId="settings-budget" title={t.budget.title} check={props.permissions.setBudget}>
      <WhenLoaded loaded={budget}>
        {(data) => <BudgetForm key={budget.loads} {...props} budget={data} again={budget.reload} />}
      </WhenLoaded>
    </Section>
  );
}

function BudgetForm({
  org,
  permissions,
  budget,
  again,
}: OrgPageProps & { budget: BudgetOf; again: () => void }) {
  const [base, setBase] = useState(budget);
  const [monthly, setMonthly] = useState(budget.monthly_credits ?? "");
  const [thresholds, setThresholds] = useState(budget.thresholds.join(", "));
  const [enforce, setEnforce] = useState(budget.enforce);
  const action = useAction();
  const save = async () => {
    const marks = thresholds
      .split(/[\s,;]+/)
      .filter(Boolean)
      .map(Number);
    const body = { monthly_credits: monthly.trim() || null, thresholds: marks, enforce };
    const answer = await action.run<BudgetOf>({
      method: "PUT",
      path: `/orgs/${org.id}/budget`,
      version: base.version,
      body,
    });
    if (!answer?.ok) return;
    showToast(t.saved);
    setBase(answer.data);
  };
  return (
    <>
      <Form check={permissions.setBudget} isBusy={action.isBusy} onSubmit={save}>
        <Field
          testId="budget-credits"
          label={t.budget.monthly}
          hint={t.budget.monthlyHint(utc(budget.period.end))}
          error={fieldError(action.problem, "/monthly_credits")}
        >
          {(field) => (
            <input
              {...field}
              inputMode="decimal"
              value={monthly}
              onInput={(event) => setMonthly(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field
          testId="budget-thresholds"
          label={t.budget.thresholds}
          hint={t.budget.thresholdsHint}
          error={fieldError(action.problem, "/thresholds")}
        >
          {(field) => (
            <input
              {...field}
              value={thresholds}
              onInput={(event) => setThresholds(event.currentTarget.value)}
            />
          )}
        </Field>
        <label class="check">
          <input
            type="checkbox"
            data-testid="budget-enforce"
            checked={enforce}
            onChange={(event) => setEnforce(event.currentTarget.checked)}
          />{" "}
          {t.budget.enforce}
        </label>
      </Form>
      <ErrorNotice problem={action.problem} again={action.problem?.status === 412 ? again : save} />
    </>
  );
}

function Billing(props: OrgPageProps) {
  const billing = useLoad<BillingOf>(`/orgs/${props.org.id}/billing`);
  return (
    <Section testId="settings-billing" title={t.billing.title} check={props.permissions.setBilling}>
      <WhenLoaded loaded={billing}>
        {(data) => (
          <BillingForm key={billing.loads} {...props} billing={data} again={billing.reload} />
        )}
      </WhenLoaded>
    </Section>
  );
}

function BillingForm({
  org,
  permissions,
  billing,
  again,
}: OrgPageProps & { billing: BillingOf; again: () => void }) {
  const [base, setBase] = useState(billing);
  const account = useSession().session?.me.account_id;
  const isElse = base.mode === "account" && base.account_id !== account;
  // `now` keeps another owner's account. Selecting a mode makes the caller's account pay.
  const [mode, setMode] = useState<BillingMode | "now">(isElse ? "now" : billing.mode);
  const [email, setEmail] = useState(billing.email ?? "");
  const action = useAction();
  const save = async () => {
    const body = {
      ...(mode !== "now" && (mode !== base.mode || isElse) && { mode }),
      ...(email && email !== base.email && { email }),
    };
    const answer = await action.run<BillingOf>({
      method: "PUT",
      path: `/orgs/${org.id}/billing`,
      version: base.version,
      body,
    });
    if (!answer?.ok) return;
    showToast(t.saved);
    setBase(answer.data);
    setMode(
      answer.data.mode === "account" && answer.data.account_id !== account
        ? "now"
        : answer.data.mode,
    );
  };
  return (
    <>
      <p class="quiet">{t.billing.now(base.account_id, onDay(base.updated_at))}</p>
      <Form check={permissions.setBilling} isBusy={action.isBusy} onSubmit={save}>
        <Field
          testId="billing-mode"
          label={t.billing.mode}
          hint={
            org.billing_modes.length > 1
              ? t.billing.modeHint
              : `${t.billing.modeHint} ${t.billing.restricted}`
          }
        >
          {(field) => (
            <select
              {...field}
              value={mode}
              onChange={(event) => setMode(event.currentTarget.value as typeof mode)}
            >
              {isElse && <option value="now">{t.billing.modes.now}</option>}
              {(["account", "independent"] as const).map((one) => (
                <option
                  key={one}
                  value={one}
                  disabled={!org.billing_modes.includes(one) && (isElse || one !== base.mode)}
                >
                  {t.billing.modes[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          testId="billing-email"
          label={t.billing.email}
          error={fieldError(action.problem, "/email")}
        >
          {(field) => (
            <input
              {...field}
              type="email"
              required={base.email !== null}
              value={email}
              onInput={(event) => setEmail(event.currentTarget.value)}
            />
          )}
        </Field>
      </Form>
      <ErrorNotice problem={action.problem} again={action.problem?.status === 412 ? again : save} />
    </>
  );
}

function DangerZone({
  org,
  permissions,
  reload,
}: Pick<OrgPageProps, "org" | "permissions" | "reload">) {
  const [isAsking, setIsAsking] = useState(false);
  const action = useAction();
  const isDeleted = org.status === "deleted";
  useEffect(() => setIsAsking(false), [org.status]);
  const restore = async () => {
    const answer = await action.run({ method: "POST", path: `/orgs/${org.id}/restore` });
    if (!answer?.ok) return;
    showToast(t.settings.restored(org.name));
    reload();
  };
  return (
    <Section testId="settings-delete" title={isDeleted ? t.settings.restore : t.settings.remove}>
      <p>{isDeleted ? t.settings.restoreDetail : t.settings.removeDetail}</p>
      <div class="actions">
        {isDeleted ? (
          <Button
            kind="main"
            testId="restore-org"
            check={permissions.restoreOrg}
            isBusy={action.isBusy}
            onClick={restore}
          >
            {t.settings.restore}
          </Button>
        ) : (
          <Button
            kind="bad"
            testId="delete-org"
            check={permissions.deleteOrg}
            onClick={() => {
              action.forget();
              setIsAsking(true);
            }}
          >
            {t.settings.remove}
          </Button>
        )}
      </div>
      {!isAsking && <ErrorNotice problem={action.problem} again={restore} />}
      {isAsking && (
        <Confirm
          title={t.settings.removeTitle(org.name)}
          detail={t.settings.removeConfirm(org.member_count)}
          label={t.settings.remove}
          action={action}
          request={{ method: "DELETE", path: `/orgs/${org.id}` }}
          onClose={() => {
            setIsAsking(false);
            action.forget();
          }}
          onDone={() => {
            setIsAsking(false);
            showToast(t.settings.removed(org.name));
            reload();
          }}
        />
      )}
    </Section>
  );
}
