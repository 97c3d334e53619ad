// What an organization is called, what it may cost, who pays, what it forbids itself; and its end.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type Loaded, useAction, useLoad } from "./api.ts";
import { onDay, utc } from "./format.ts";
import type { Place } from "./place.ts";
import { Own } from "./policies.tsx";
import { useSession } from "./session.ts";
import { t } from "./texts.ts";
import type {
  BillingMode,
  Billing as BillingOf,
  Budget as BudgetOf,
  Checked,
  Org,
} from "./types.ts";
import { Button, Confirm, Field, Heading, reason, say, Trouble, wrong } from "./ui.tsx";

export function Settings(place: Place) {
  const { org, may, reload } = place;
  return (
    <>
      <Heading>{t.settings.title}</Heading>
      <General {...place} />
      <Budget {...place} />
      {may.getBilling?.decision === "allow" ? (
        <Billing {...place} />
      ) : (
        <Section testId="settings-billing" title={t.billing.title} check={may.getBilling} />
      )}
      {may.getPolicies?.decision === "allow" ? (
        <Own {...place} />
      ) : (
        <Section testId="settings-policies" title={t.policies.title} check={may.getPolicies} />
      )}
      <End org={org} may={may} reload={reload} />
    </>
  );
}

/** A part of the settings; with a denial, and nothing in it, what it needs to be seen. */
export function Section({
  title,
  testId,
  check,
  children,
}: {
  title: string;
  testId: string;
  check?: Checked | undefined;
  children?: ComponentChildren;
}) {
  return (
    <section class="card" data-testid={testId}>
      <h2>{title}</h2>
      {check?.decision === "deny" && (
        <p class="quiet" data-testid={`${testId}-reason`}>
          {reason(check)}
        </p>
      )}
      {children}
    </section>
  );
}

/** The form of a section: it keeps what was typed until the API has it. */
export function Form({
  check,
  isBusy,
  onSubmit,
  children,
}: {
  check: Checked | undefined;
  isBusy: boolean;
  onSubmit: () => unknown;
  children: ComponentChildren;
}) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (check?.decision !== "deny") void onSubmit();
      }}
    >
      <fieldset disabled={check?.decision === "deny"}>{children}</fieldset>
      <div class="actions">
        <Button submits testId="save" kind="main" isBusy={isBusy} check={check}>
          {t.save}
        </Button>
      </div>
    </form>
  );
}

function General(place: Place) {
  const org = useLoad<Org>(`/orgs/${place.org.id}`);
  return (
    <Section testId="settings-general" title={t.settings.general} check={place.may.updateOrg}>
      <Once loaded={org}>
        {(data) => <GeneralForm key={org.loads} {...place} org={data} again={org.reload} />}
      </Once>
    </Section>
  );
}

function GeneralForm({ org, may, reload, again }: Place & { again: () => void }) {
  const [base, rebase] = useState(org);
  const [name, setName] = useState(org.name);
  const [description, setDescription] = useState(org.description ?? "");
  const [creators, setCreators] = useState(org.settings.high_cost_creators);
  const action = useAction();
  const mayAll = may.updateSettings?.decision === "allow";
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
    say(t.saved);
    rebase(answer.data);
    reload();
  };
  return (
    <>
      <Form check={may.updateOrg} isBusy={action.isBusy} onSubmit={save}>
        <Field testId="settings-name" label={t.orgs.name} error={wrong(action.problem, "/name")}>
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
          error={wrong(action.problem, "/description")}
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
            mayAll || !may.updateSettings ? t.settings.creatorsHint : reason(may.updateSettings)
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
      <Trouble problem={action.problem} again={action.problem?.status === 412 ? again : save} />
    </>
  );
}

/** Shows a part once it is loaded, and where it cannot be, why. */
function Once<T>({
  loaded,
  children,
}: {
  loaded: Loaded<T>;
  children: (data: T) => ComponentChildren;
}) {
  if (loaded.data)
    return (
      <>
        <Trouble problem={loaded.problem} again={loaded.reload} />
        {children(loaded.data)}
      </>
    );
  return loaded.problem ? (
    <Trouble problem={loaded.problem} again={loaded.reload} />
  ) : (
    <p class="quiet" aria-busy="true">
      {t.loading}
    </p>
  );
}

function Budget(place: Place) {
  const budget = useLoad<BudgetOf>(`/orgs/${place.org.id}/budget`);
  return (
    <Section testId="settings-budget" title={t.budget.title} check={place.may.setBudget}>
      <Once loaded={budget}>
        {(data) => <BudgetForm key={budget.loads} {...place} budget={data} again={budget.reload} />}
      </Once>
    </Section>
  );
}

function BudgetForm({ org, may, budget, again }: Place & { budget: BudgetOf; again: () => void }) {
  const [base, rebase] = useState(budget);
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
    say(t.saved);
    rebase(answer.data);
  };
  return (
    <>
      <Form check={may.setBudget} isBusy={action.isBusy} onSubmit={save}>
        <Field
          testId="budget-credits"
          label={t.budget.monthly}
          hint={t.budget.monthlyHint(utc(budget.period.end))}
          error={wrong(action.problem, "/monthly_credits")}
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
          error={wrong(action.problem, "/thresholds")}
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
      <Trouble problem={action.problem} again={action.problem?.status === 412 ? again : save} />
    </>
  );
}

function Billing(place: Place) {
  const billing = useLoad<BillingOf>(`/orgs/${place.org.id}/billing`);
  return (
    <Section testId="settings-billing" title={t.billing.title} check={place.may.setBilling}>
      <Once loaded={billing}>
        {(data) => (
          <BillingForm key={billing.loads} {...place} billing={data} again={billing.reload} />
        )}
      </Once>
    </Section>
  );
}

function BillingForm({
  org,
  may,
  billing,
  again,
}: Place & { billing: BillingOf; again: () => void }) {
  const [base, rebase] = useState(billing);
  const account = useSession().session?.me.account_id;
  const isElse = base.mode === "account" && base.account_id !== account;
  // Who pays now, or one of the ways to pay: an owner takes over by saying so.
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
    say(t.saved);
    rebase(answer.data);
    setMode(
      answer.data.mode === "account" && answer.data.account_id !== account
        ? "now"
        : answer.data.mode,
    );
  };
  return (
    <>
      <p class="quiet">{t.billing.now(base.account_id, onDay(base.updated_at))}</p>
      <Form check={may.setBilling} isBusy={action.isBusy} onSubmit={save}>
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
          error={wrong(action.problem, "/email")}
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
      <Trouble problem={action.problem} again={action.problem?.status === 412 ? again : save} />
    </>
  );
}

function End({ org, may, reload }: Pick<Place, "org" | "may" | "reload">) {
  const [isAsking, ask] = useState(false);
  const action = useAction();
  const isDeleted = org.status === "deleted";
  useEffect(() => ask(false), [org.status]);
  const restore = async () => {
    const answer = await action.run({ method: "POST", path: `/orgs/${org.id}/restore` });
    if (!answer?.ok) return;
    say(t.settings.restored(org.name));
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
            check={may.restoreOrg}
            isBusy={action.isBusy}
            onClick={restore}
          >
            {t.settings.restore}
          </Button>
        ) : (
          <Button
            kind="bad"
            testId="delete-org"
            check={may.deleteOrg}
            onClick={() => {
              action.forget();
              ask(true);
            }}
          >
            {t.settings.remove}
          </Button>
        )}
      </div>
      {!isAsking && <Trouble problem={action.problem} again={restore} />}
      {isAsking && (
        <Confirm
          title={t.settings.removeTitle(org.name)}
          detail={t.settings.removeConfirm(org.member_count)}
          label={t.settings.remove}
          action={action}
          request={{ method: "DELETE", path: `/orgs/${org.id}` }}
          onClose={() => {
            ask(false);
            action.forget();
          }}
          onDone={() => {
            ask(false);
            say(t.settings.removed(org.name));
            reload();
          }}
        />
      )}
    </Section>
  );
}
