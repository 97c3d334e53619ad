import { useState } from "react";
import { useOrganizations } from "../provider.tsx";
import { keys, useAction, useLoad, useMe } from "../queries.ts";
import type { MyInvitation } from "../types.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog.tsx";
import { ErrorNotice, Notice } from "../ui/notice.tsx";
import { Root } from "../ui/root.tsx";

export interface MyInvitationsProps {
  /** Called with the id of the organization that the person joined. */
  onJoin?: (orgId: string) => void;
}

/** The pending invitations for the signed-in person. Renders nothing without invitations. */
export function MyInvitations({ onJoin }: MyInvitationsProps) {
  const { texts: t } = useOrganizations();
  const me = useMe();
  if (!me.data && !me.failure) return null;
  return (
    <Root>
      <ErrorNotice failure={me.failure} onRetry={me.reload} />
      {!me.data ? null : me.data.email_verified ? (
        <InvitationList onJoin={onJoin} />
      ) : (
        <Notice kind="warning" testId="address-unverified">
          <p>{t.orgs.unverified}</p>
        </Notice>
      )}
    </Root>
  );
}

function InvitationList({ onJoin }: MyInvitationsProps) {
  const { texts: t, format, showMessage } = useOrganizations();
  const invitations = useLoad(keys.myInvitations, (client, signal) =>
    client.get("/v1/invitations", { signal }),
  );
  const [declining, setDeclining] = useState<MyInvitation | null>(null);
  const action = useAction([keys.myInvitations, keys.orgs]);
  const list = invitations.data?.data ?? [];
  const body = (invitation: MyInvitation) => ({
    org_id: invitation.org.id,
    invitation_id: invitation.id,
  });
  const accept = async (invitation: MyInvitation) => {
    const done = await action.run(["accept", invitation.id], (client, init) =>
      client.post("/v1/invitations/accept", { body: body(invitation), ...init }),
    );
    if (!done) return;
    showMessage(t.mine.joined(invitation.org.name));
    onJoin?.(invitation.org.id);
  };
  const decline = async (invitation: MyInvitation): Promise<boolean> => {
    const done = await action.run(["decline", invitation.id], (client, init) =>
      client.post("/v1/invitations/decline", { body: body(invitation), ...init }),
    );
    return done !== null;
  };
  if (invitations.failure)
    return <ErrorNotice failure={invitations.failure} onRetry={invitations.reload} />;
  if (list.length === 0) return null;
  return (
    <section className="orgs-card" data-testid="my-invitations" aria-label={t.mine.title}>
      <h2 className="orgs-heading">{t.mine.title}</h2>
      <ul className="orgs-rows">
        {list.map((invitation) => (
          <li key={invitation.id} data-testid="my-invitation">
            <div>
              <strong>{invitation.org.name}</strong>
              <span className="orgs-under">
                {t.mine.by(
                  invitation.invited_by.name,
                  invitation.role,
                  format.day(invitation.expires_at),
                )}
              </span>
            </div>
            <div className="orgs-actions">
              <Button
                kind="primary"
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
                onClick={() => setDeclining(invitation)}
              >
                {t.mine.decline}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {!declining && <ErrorNotice failure={action.failure} />}
      {declining && (
        <ConfirmDialog
          title={t.mine.declineTitle(declining.org.name)}
          detail={t.mine.declineDetail(declining.invited_by.name)}
          label={t.mine.decline}
          action={action}
          run={() => decline(declining)}
          onClose={() => setDeclining(null)}
        />
      )}
    </section>
  );
}
