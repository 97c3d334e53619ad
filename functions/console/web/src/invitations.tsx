// Inviting people, and the list of invitations.

import { useEffect, useRef, useState } from "preact/hooks";
import { path, useAction } from "./api.ts";
import { onDay } from "./format.ts";
import type { OrgPageProps } from "./org-page.ts";
import { t } from "./texts.ts";
import { type Delivery, type Invitation, type InviteLine, ROLES, type Role } from "./types.ts";
import {
  Button,
  Chip,
  Confirm,
  Dialog,
  Empty,
  ErrorNotice,
  Field,
  Pager,
  showToast,
  Table,
  usePages,
} from "./ui.tsx";

/** How many times the list is reloaded while an email is queued. */
const LOOKS = 8;
/** The number of invitations per request. */
const TOGETHER = 20;

/** Extracts unique email addresses from a text, as email clients and spreadsheets format them. */
export function addresses(text: string): string[] {
  const parts = text.split(/[\n,;]+/).map((part) => (part.match(/<([^<>]+)>/)?.[1] ?? part).trim());
  return [
    ...new Set(
      parts
        .flatMap((part) => (part.includes("@") && /\s/.test(part) ? part.split(/\s+/) : [part]))
        .filter(Boolean),
    ),
  ];
}

export function Invite({
  org,
  permissions,
  role: first,
  onClose,
}: OrgPageProps & { role: Role; onClose: () => void }) {
  const [text, setText] = useState("");
  const [role, setRole] = useState<Role>(first);
  const [results, setResults] = useState<InviteLine[]>([]);
  const [isEmpty, setIsEmpty] = useState(false);
  const isClosed = useRef(false);
  useEffect(
    () => () => {
      isClosed.current = true;
    },
    [],
  );
  const action = useAction();
  const found = addresses(text);
  const run = async () => {
    setIsEmpty(found.length === 0);
    if (found.length === 0) return;
    const told: InviteLine[] = [];
    for (let at = 0; at < found.length && !isClosed.current; at += TOGETHER) {
      const invitations = found.slice(at, at + TOGETHER).map((email) => ({ email, role }));
      const answer = await action.run<{ results: InviteLine[] }>({
        method: "POST",
        path: `/orgs/${org.id}/invitations/bulk`,
        body: { invitations },
        isUnkeyed: true,
      });
      if (!answer?.ok) break;
      told.push(...answer.data.results);
    }
    // Addresses that were not invited stay in the field, so that the person can correct them.
    const done = new Set(
      told.filter((line) => line.status === "invited").map((line) => line.email),
    );
    setText(found.filter((email) => !done.has(email)).join("\n"));
    setResults(told);
    if (done.size > 0) showToast(t.invite.invited(done.size));
    if (told.length > 0 && told.length === found.length && done.size === told.length) onClose();
  };
  return (
    <Dialog
      title={t.invite.title}
      onClose={onClose}
      action={{
        label: found.length > 1 ? t.invite.actionMany(found.length) : t.invite.action,
        kind: "main",
        isBusy: action.isBusy,
        run,
      }}
    >
      <Field
        testId="invite-addresses"
        label={t.invite.addresses}
        hint={t.invite.addressesHint}
        error={isEmpty ? t.invite.noAddress : undefined}
      >
        {(field) => (
          <textarea
            {...field}
            rows={4}
            required
            readOnly={action.isBusy}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field
        testId="invite-role"
        label={t.orgs.role}
        hint={
          permissions.inviteOwner?.decision === "deny"
            ? `${t.invite.roleHint[role]} ${t.invite.noOwners}`
            : t.invite.roleHint[role]
        }
      >
        {(field) => (
          <select
            {...field}
            value={role}
            onChange={(event) => setRole(event.currentTarget.value as Role)}
          >
            {ROLES.map((one) => (
              <option
                key={one}
                value={one}
                disabled={one === "owner" && permissions.inviteOwner?.decision !== "allow"}
              >
                {t.role[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <div role="status">
        {results.length > 0 && (
          <ul class="rows">
            {results.map((line) => (
              <li key={line.email} data-testid={`invite-${line.status}`}>
                <span>{line.email}</span>
                {line.status === "invited" ? (
                  <Chip kind="good">{t.invite.done}</Chip>
                ) : (
                  <Chip kind="bad">
                    {t.invite.refused[line.code ?? ""] ?? line.code?.replaceAll("_", " ")}
                  </Chip>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
      <ErrorNotice problem={action.problem} again={run} />
    </Dialog>
  );
}

const CHIP: Record<Delivery, "good" | "bad" | "plain"> = {
  queued: "plain",
  sent: "plain",
  delivered: "good",
  bounced: "bad",
  complained: "bad",
  failed: "bad",
};

/** The list of invitations, with the delivery status of their emails. */
export function Pending({ org, permissions }: OrgPageProps) {
  const invitations = usePages<Invitation>(`/orgs/${org.id}/invitations`, {}, path);
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  const action = useAction();
  const looks = useRef(0);
  const isQueued =
    invitations.data?.data.some(
      ({ status, delivery }) => status === "pending" && delivery === "queued",
    ) ?? false;
  useEffect(() => {
    // The email is sent shortly after the invitation is created, so the list reloads a few times.
    if (!isQueued || looks.current >= LOOKS) return;
    looks.current += 1;
    const timer = setTimeout(invitations.reload, 1_500);
    return () => clearTimeout(timer);
  }, [isQueued, invitations.loads]);
  const resend = async (invitation: Invitation) => {
    const answer = await action.run({
      method: "POST",
      path: `/orgs/${org.id}/invitations/${invitation.id}/resend`,
    });
    if (answer?.ok) showToast(t.invite.resent(invitation.email));
    looks.current = 0;
    invitations.reload();
  };
  return (
    <section data-testid="invitations">
      <div class="head">
        <h2>{t.invite.pending}</h2>
        <Button kind="link" testId="refresh-invitations" onClick={invitations.reload}>
          {t.invite.refresh}
        </Button>
      </div>
      {!revoking && <ErrorNotice problem={action.problem} />}
      <Table
        testId="invitations-table"
        caption={t.invite.pending}
        heads={[t.invite.address, t.orgs.role, t.invite.state, t.invite.until, t.members.actions]}
        pages={invitations}
        empty={
          <Empty testId="invitations-empty" title={t.invite.none}>
            <p>{t.invite.noneDetail}</p>
          </Empty>
        }
        row={(invitation) => {
          const isOpen = invitation.status === "pending" || invitation.status === "expired";
          const [again, back] =
            invitation.role === "owner"
              ? [permissions.resendOwner, permissions.revokeOwner]
              : [permissions.resend, permissions.revoke];
          return (
            <tr key={invitation.id} data-testid="invitation-row">
              <th scope="row">
                {invitation.email}
                <span class="under">{t.invite.by(invitation.invited_by.name)}</span>
              </th>
              <td>{t.role[invitation.role]}</td>
              <td>
                <Chip
                  testId={`status-${invitation.status}`}
                  kind={
                    invitation.status === "accepted"
                      ? "good"
                      : invitation.status === "pending"
                        ? "plain"
                        : "warn"
                  }
                >
                  {t.invite.status[invitation.status]}
                </Chip>{" "}
                {isOpen && (
                  <Chip testId={`delivery-${invitation.delivery}`} kind={CHIP[invitation.delivery]}>
                    {t.invite.delivery[invitation.delivery]}
                  </Chip>
                )}
              </td>
              <td>{onDay(invitation.expires_at)}</td>
              <td class="row-actions">
                {isOpen && (
                  <Button
                    kind="link"
                    testId="resend-invitation"
                    isBusy={action.isBusy}
                    check={again}
                    label={t.invite.resendOf(invitation.email)}
                    onClick={() => resend(invitation)}
                  >
                    {t.invite.resend}
                  </Button>
                )}
                {invitation.status === "pending" && (
                  <Button
                    kind="link"
                    testId="revoke-invitation"
                    check={back}
                    label={t.invite.revokeOf(invitation.email)}
                    onClick={() => {
                      action.forget();
                      setRevoking(invitation);
                    }}
                  >
                    {t.invite.revoke}
                  </Button>
                )}
              </td>
            </tr>
          );
        }}
      />
      <Pager pages={invitations} />
      {revoking && (
        <Confirm
          title={t.invite.revokeTitle(revoking.email)}
          detail={t.invite.revokeDetail}
          label={t.invite.revoke}
          action={action}
          request={{ method: "POST", path: `/orgs/${org.id}/invitations/${revoking.id}/revoke` }}
          onClose={() => {
            setRevoking(null);
            action.forget();
          }}
          onDone={() => {
            setRevoking(null);
            invitations.reload();
          }}
        />
      )}
    </section>
  );
}
