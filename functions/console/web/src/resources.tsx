// Agents, knowledge bases and sources that members share.

import { useState } from "preact/hooks";
import { type Answer, ask, path, useAction, useLoad } from "./api.ts";
import type { May, Place } from "./place.ts";
import { onDay } from "./format.ts";
import { t } from "./texts.ts";
import { type Check, type Checked, type CostClass, KINDS, type Kind, type Resource } from "./types.ts";
import { Budget } from "./usage.tsx";
import { Button, Chip, Confirm, Dialog, Empty, Field, Pager, Table, Trouble, reason, say, usePages, wrong, Heading } from "./ui.tsx";

/** What was answered about one resource: the rules look at cost classes alone, so one stands for all. */
interface Rules {
  update: Checked | undefined;
  remove: Checked | undefined;
}

function useRules(org: string, sample: Resource | undefined): Rules {
  const checks: Check[] = sample ? [{ action: "update_resource", resource_id: sample.id }, { action: "delete_resource", resource_id: sample.id }] : [];
  const load = async (): Promise<Answer<Rules>> => {
    const answer = await ask<{ results: Checked[] }>({ method: "POST", path: `/orgs/${org}/access`, body: { checks } });
    if (!answer.ok) return answer;
    return { ...answer, data: { update: answer.data.results[0], remove: answer.data.results[1] } };
  };
  return useLoad<Rules>(sample ? sample.id : null, load).data ?? { update: undefined, remove: undefined };
}

export function Resources(place: Place) {
  const { org, may } = place;
  const [kind, filter] = useState("");
  const [edited, edit] = useState<Resource | "new" | null>(null);
  const [gone, remove] = useState<Resource | null>(null);
  const action = useAction();
  const resources = usePages<Resource>(`/orgs/${org.id}/resources`, { kind }, path);
  const rules = useRules(org.id, resources.data?.data[0]);
  const close = () => {
    remove(null);
    action.forget();
  };
  return (
    <>
      <div class="head">
        <Heading>{t.resources.title}</Heading>
        <Button kind="main" check={may.createResource} onClick={() => edit("new")}>{t.resources.create}</Button>
      </div>
      <div class="filters">
        <Field label={t.resources.kind}>{(field) => (
          <select {...field} value={kind} onChange={(event) => filter(event.currentTarget.value)}>
            <option value="">{t.resources.every}</option>
            {KINDS.map((one) => <option key={one} value={one}>{t.resources.kinds[one]}</option>)}
          </select>
        )}</Field>
      </div>
      <Table
        caption={t.resources.title}
        heads={[t.orgs.name, t.resources.kind, t.resources.cost, t.resources.created, t.members.actions]}
        pages={resources}
        empty={<Empty title={t.resources.none}><p>{t.resources.noneDetail}</p></Empty>}
        row={(resource) => (
          <tr key={resource.id}>
            <th scope="row">{resource.name}</th>
            <td>{t.resources.kinds[resource.kind]}</td>
            <td><Chip kind={resource.cost_class === "high" ? "warn" : "plain"}>{t.resources.costs[resource.cost_class]}</Chip></td>
            <td>{onDay(resource.created_at)}</td>
            <td class="row-actions">
              <Button kind="link" check={rules.update} isDisabled={!rules.update} label={t.resources.editOf(resource.name)} onClick={() => edit(resource)}>{t.resources.edit}</Button>
              <Button kind="link" check={rules.remove} isDisabled={!rules.remove} label={t.resources.removeOf(resource.name)} onClick={() => (action.forget(), remove(resource))}>{t.resources.remove}</Button>
            </td>
          </tr>
        )}
      />
      <Pager pages={resources} />
      {edited && <Edit org={org.id} may={may} resource={edited === "new" ? null : edited} onClose={() => edit(null)} onDone={resources.reload} />}
      {gone && (
        <Confirm
          title={t.resources.removeTitle(gone.name)}
          detail={t.resources.removeDetail(t.resources.kinds[gone.kind])}
          label={t.resources.remove}
          action={action}
          request={{ method: "DELETE", path: `/orgs/${org.id}/resources/${gone.id}` }}
          onClose={close}
          onDone={() => {
            close();
            say(t.resources.removed(gone.name));
            resources.reload();
          }}
        />
      )}
    </>
  );
}

function Edit({ org, may, resource, onClose, onDone }: { org: string; may: May; resource: Resource | null; onClose: () => void; onDone: () => void }) {
  const [kind, setKind] = useState<Kind>(resource?.kind ?? "agent");
  const [name, setName] = useState(resource?.name ?? "");
  const [cost, setCost] = useState<CostClass>(resource?.cost_class ?? "standard");
  const action = useAction();
  const high = may.createHigh;
  // What may cost much shows what is left before it is made.
  const isCostly = kind === "source" || cost === "high";
  const run = async () => {
    const answer = resource
      ? await action.run<Resource>({ method: "PATCH", path: `/orgs/${org}/resources/${resource.id}`, version: resource.version, body: { name, ...(cost !== resource.cost_class && { cost_class: cost }) } })
      : await action.run<Resource>({ method: "POST", path: `/orgs/${org}/resources`, body: { kind, name, cost_class: cost } });
    if (!answer?.ok) return;
    say(resource ? t.resources.changed(answer.data.name) : t.resources.made(answer.data.name));
    onDone();
    onClose();
  };
  return (
    <Dialog title={resource ? t.resources.editOf(resource.name) : t.resources.create} onClose={onClose} action={{ label: resource ? t.save : t.resources.createAction, kind: "main", isBusy: action.isBusy, run }}>
      {!resource && <Field label={t.resources.kind}>{(field) => <select {...field} value={kind} onChange={(event) => setKind(event.currentTarget.value as Kind)}>{KINDS.map((one) => <option key={one} value={one}>{t.resources.kinds[one]}</option>)}</select>}</Field>}
      <Field label={t.orgs.name} error={wrong(action.problem, "/name")}>{(field) => <input {...field} required maxLength={64} value={name} onInput={(event) => setName(event.currentTarget.value)} />}</Field>
      <Field label={t.resources.cost} hint={high?.decision === "deny" && resource?.cost_class !== "high" ? reason(high) : t.resources.costHint}>{(field) => (
        <select {...field} value={cost} onChange={(event) => setCost(event.currentTarget.value as CostClass)}>
          <option value="standard">{t.resources.costs.standard}</option>
          <option value="high" disabled={high?.decision === "deny" && resource?.cost_class !== "high"}>{t.resources.costs.high}</option>
        </select>
      )}</Field>
      {isCostly && <Budget org={org} />}
      <Trouble problem={action.problem} again={run} />
    </Dialog>
  );
}
