// The caller's organizations, invitations and account usage.

import { useState } from "preact/hooks";
import { path, useAction, useLoad } from "./api.ts";
import { credits, inWindow, onDay } from "./format.ts";
import { t } from "./texts.ts";
import type { Me, MyInvitation, Org, Page, UsageReport } from "./types.ts";
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
  showToast,
  Table,
  usePages,
} from "./ui.tsx";

export function Orgs({ me }: { me: Me }) {
  const orgs = usePages<Org>("/orgs", {}, path);
  const [isCreating, setIsCreating] = useState(false);
  return (
    <>
      <div class="head">
        <Heading>{t.orgs.title}</Heading>
        <Button kind="main" testId="create-org" onClick={() => setIsCreating(true)}>
          {t.orgs.create}
        </Button>
      </div>
      {me.email_verified ? (
        <Invitations onJoined={orgs.reload} />
      ) : (
        <div class="notice warn" data-testid="address-unverified">
          <p>{t.orgs.unverified}</p>
        </div>
      )}
      <Table
        testId="orgs-table"
        caption={t.orgs.title}
        heads={[t.orgs.name, t.orgs.role, t.orgs.members, t.orgs.since]}
        pages={orgs}
        empty={
          <Empty testId="orgs-empty" title={t.orgs.none}>
            <p>{t.orgs.noneDetail}</p>
          </Empty>
        }
        row={(org) => (
          <tr key={org.id} data-testid="org-row">
            <th scope="row">
              <a href={`#/orgs/${org.id}/members`}>{org.name}</a>
              {org.status !== "active" && <Chip kind="warn">{t.orgs.status[org.status]}</Chip>}
              {org.description && <span class="under">{org.description}</span>}
            </th>
            <td>{t.role[org.role]}</td>
            <td class="number">{org.member_count}</td>
            <td>{onDay(org.created_at)}</td>
          </tr>
        )}
      />
      <Pager pages={orgs} />
      {isCreating && <Create onClose={() => setIsCreating(false)} />}
    </>
  );
}

function Create({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const action = useAction();
  const run = async () => {
    const answer = await action.run<Org>({
      method: "POST",
      path: "/orgs",
      body: { name, ...(description && { description }) },
    });
    if (!answer?.ok) return;
    onClose();
    showToast(t.orgs.created(answer.data.name));
    location.hash = `#/orgs/${answer.data.id}/members`;
  };
  return (
    <Dialog
      title={t.orgs.create}
      onClose={onClose}
      action={{ label: t.orgs.createAction, kind: "main", isBusy: action.isBusy, run }}
    >
      <Field
        testId="org-name"
        label={t.orgs.name}
        error={fieldError(action.problem, "/name")}
        hint={t.orgs.nameHint}
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
        testId="org-description"
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
      <ErrorNotice problem={action.problem} again={run} />
    </Dialog>
  );
}

/** The invitations for the caller. */
function Invitations({ onJoined }: { onJoined: () => void }) {
  const invitations = useLoad<Page<MyInvitation>>("/invitations");
  const [declining, setDeclining] = useState<MyInvitation | null>(null);
  const action = useAction();
  const list = invitations.data?.data ?? [];
  const accept = async (invitation: MyInvitation) => {
    const answer = await action.run({
      method: "POST",
      path: "/invitations/accept",
      body: { org_id: invitation.org.id, invitation_id: invitation.id },
    });
    if (!answer?.ok) return;
    showToast(t.mine.joined(invitation.org.name));
    invitations.reload();
    onJoined();
  };
  if (invitations.problem)
    return <ErrorNotice problem={invitations.problem} again={invitations.reload} />;
  if (list.length === 0) return null;
  return (
    <section class="card" data-testid="my-invitations" aria-label={t.mine.title}>
      <h2>{t.mine.title}</h2>
      <ul class="rows">
        {list.map((invitation) => (
          <li key={invitation.id} data-testid="my-invitation">
            <div>
              <strong>{invitation.org.name}</strong>
              <span class="under">
                {t.mine.by(
                  invitation.invited_by.name,
                  invitation.role,
                  onDay(invitation.expires_at),
                )}
              </span>
            </div>
            <div class="actions">
              <Button
                kind="main"
                testId="accept-invitation"
                isBusy={action.isBusy}
                label={t.mine.acceptOf(invitation.org.name)}
                onClick={() => accept(invitation)}
              >
                {t.mine.accept}
              </Button>
              <Button
                testId="decline-invitation"
                isBusy={action.isBusy}
                label={t.mine.declineOf(invitation.org.name)}
                onClick={() => {
                  action.forget();
                  setDeclining(invitation);
                }}
              >
                {t.mine.decline}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {!declining && <ErrorNotice problem={action.problem} />}
      {declining && (
        <Confirm
          title={t.mine.declineTitle(declining.org.name)}
          detail={t.mine.declineDetail(declining.invited_by.name)}
          label={t.mine.decline}
          action={action}
          request={{
            method: "POST",
            path: "/invitations/decline",
            body: { org_id: declining.org.id, invitation_id: declining.id },
          }}
          onClose={() => {
            setDeclining(null);
            action.forget();
          }}
          onDone={() => {
            setDeclining(null);
            invitations.reload();
          }}
        />
      )}
    </section>
  );
}

/** The usage that the caller's account pays for, per month. */
export function Account() {
  const from = new Date();
  const since = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() - 11, 1)).toISOString();
  const report = useLoad<UsageReport>(
    path("/account/usage", { group_by: "org", window: "month", from: since }),
  );
  const names = new Map(
    useLoad<Page<Org>>(path("/orgs", { limit: "100" })).data?.data.map((org) => [org.id, org.name]),
  );
  const rows = [...(report.data?.data ?? [])].reverse();
  return (
    <>
      <Heading>{t.account.title}</Heading>
      <p class="quiet">{t.account.intro}</p>
      <Table
        isSmall
        testId="account-table"
        caption={t.account.title}
        heads={[t.usage.month, t.account.org, t.usage.credits, t.usage.events]}
        pages={{ ...report, data: report.data && { data: rows, next_cursor: null } }}
        empty={
          <Empty testId="account-empty" title={t.account.none}>
            <p>{t.account.noneDetail}</p>
          </Empty>
        }
        row={(row) => (
          <tr key={row.start + row.group} data-testid="account-row">
            <td>{inWindow(row.start, "month")}</td>
            <th scope="row">{row.group && (names.get(row.group) ?? row.group)}</th>
            <td class="number">{credits(row.credits)}</td>
            <td class="number">{row.events}</td>
          </tr>
        )}
      />
    </>
  );
}
