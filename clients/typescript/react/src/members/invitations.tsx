import { useEffect, useRef, useState } from "react";
import { useOrganizations } from "../provider.tsx";
import { keys, useAccess, useAction, usePages } from "../queries.ts";
import type { Invitation, InvitationDelivery, Org } from "../types.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog.tsx";
import { Menu, type MenuEntry } from "../ui/menu.tsx";
import { Badge, Empty, ErrorNotice } from "../ui/notice.tsx";
import { Title, Toolbar } from "../ui/section.tsx";
import { type Column, Pager, Table } from "../ui/table.tsx";

/**
 * How many times the list is loaded again while an email is queued, and after how long each time.
 */
const RELOADS_MAX = 8;
const RELOAD_MILLISECONDS = 1_500;

const KINDS: Record<InvitationDelivery, "good" | "danger" | "plain"> = {
  queued: "plain",
  sent: "plain",
  delivered: "good",
  bounced: "danger",
  complained: "danger",
  failed: "danger",
};

/** The list of invitations, with the delivery status of their emails. */
export function Invitations({ org }: { org: Org }) {
  const { texts: t, format, showMessage } = useOrganizations();
  const [revoking, setRevoking] = useState<Invitation | null>(null);
  const key = [...keys.org(org.id), "invitations"];
  const action = useAction([key]);
  const access = {
    resend: useAccess(org.id, { action: "resend_invitation", role: "viewer" }),
    resendOwner: useAccess(org.id, { action: "resend_invitation", role: "owner" }),
    revoke: useAccess(org.id, { action: "revoke_invitation", role: "viewer" }),
    revokeOwner: useAccess(org.id, { action: "revoke_invitation", role: "owner" }),
  };
  const invitations = usePages<Invitation>(key, (client, cursor, signal) =>
    client.get("/v1/orgs/{org_id}/invitations", {
      params: { path: { org_id: org.id }, query: { cursor } },
      signal,
    }),
  );
  const reloads = useRef(0);
  const { data, isLoading, reload } = invitations;
  const isQueued =
    data?.data.some(({ status, delivery }) => status === "pending" && delivery === "queued") ??
    false;
  useEffect(() => {
    // The email is sent shortly after the invitation is created.
    if (!isQueued || isLoading || reloads.current >= RELOADS_MAX) return;
    const timer = setTimeout(() => {
      reloads.current += 1;
      reload();
    }, RELOAD_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [isQueued, isLoading, reload]);

  const path = (invitation: Invitation) => ({ org_id: org.id, invitation_id: invitation.id });
  const resend = async (invitation: Invitation) => {
    reloads.current = 0;
    const done = await action.run(["resend", invitation.id], (client, init) =>
      client.post("/v1/orgs/{org_id}/invitations/{invitation_id}/resend", {
        params: { path: path(invitation) },
        ...init,
      }),
    );
    if (done) showMessage(t.invite.resent(invitation.email));
    else reload();
  };
  const revoke = async (invitation: Invitation): Promise<boolean> => {
    const done = await action.run(["revoke", invitation.id], (client, init) =>
      client.post("/v1/orgs/{org_id}/invitations/{invitation_id}/revoke", {
        params: { path: path(invitation) },
        ...init,
      }),
    );
    if (done) showMessage(t.invite.revoked(invitation.email));
    return done !== null;
  };

  const isOpen = ({ status }: Invitation) => status === "pending" || status === "expired";
  const entries = (invitation: Invitation): MenuEntry[] => {
    const isOwner = invitation.role === "owner";
    return [
      ...(isOpen(invitation)
        ? [
            {
              label: t.invite.resend,
              testId: "resend-invitation",
              access: isOwner ? access.resendOwner : access.resend,
              onSelect: () => void resend(invitation),
            },
          ]
        : []),
      ...(invitation.status === "pending"
        ? [
            {
              label: t.invite.revoke,
              testId: "revoke-invitation",
              access: isOwner ? access.revokeOwner : access.revoke,
              isDangerous: true,
              onSelect: () => setRevoking(invitation),
            },
          ]
        : []),
    ];
  };
  const columns: Column<Invitation>[] = [
    {
      label: t.invite.address,
      kind: "heading",
      cell: (invitation) => (
        <>
          {invitation.email}
          <span className="orgs-under">{t.invite.by(invitation.invited_by.name)}</span>
        </>
      ),
    },
    { label: t.orgs.role, cell: (invitation) => t.role[invitation.role] },
    {
      label: t.invite.state,
      cell: (invitation) => (
        <>
          <Badge
            testId={`status-${invitation.status}`}
            kind={invitation.status === "accepted" ? "good" : "plain"}
          >
            {t.invite.status[invitation.status]}
          </Badge>{" "}
          {isOpen(invitation) && (
            <Badge testId={`delivery-${invitation.delivery}`} kind={KINDS[invitation.delivery]}>
              {t.invite.delivery[invitation.delivery]}
            </Badge>
          )}
        </>
      ),
    },
    { label: t.invite.until, cell: (invitation) => format.day(invitation.expires_at) },
    {
      label: t.members.actions,
      kind: "actions",
      cell: (invitation) =>
        isOpen(invitation) && (
          <Menu
            label={t.invite.actionsFor(invitation.email)}
            testId="invitation-menu"
            entries={entries(invitation)}
          />
        ),
    },
  ];
  return (
    <section className="orgs-section" data-testid="invitations">
      <Toolbar heading={<Title>{t.invite.pending}</Title>}>
        <Button kind="link" testId="refresh-invitations" onClick={reload}>
          {t.invite.refresh}
        </Button>
      </Toolbar>
      {!revoking && <ErrorNotice failure={action.failure} />}
      <Table
        testId="invitations-table"
        caption={t.invite.pending}
        columns={columns}
        list={invitations}
        rowKey={(invitation) => invitation.id}
        rowTestId={() => "invitation-row"}
        empty={
          <Empty testId="invitations-empty" title={t.invite.none}>
            <p>{t.invite.noneDetail}</p>
          </Empty>
        }
      />
      <Pager pages={invitations} />
      {revoking && (
        <ConfirmDialog
          title={t.invite.revokeTitle(revoking.email)}
          detail={t.invite.revokeDetail}
          label={t.invite.revoke}
          action={action}
          run={() => revoke(revoking)}
          onClose={() => setRevoking(null)}
        />
      )}
    </section>
  );
}
