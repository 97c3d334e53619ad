import { useOrganizations } from "../provider.tsx";
import { keys, useAction } from "../queries.ts";
import type { Member, Org } from "../types.ts";
import { ConfirmDialog } from "../ui/dialog.tsx";

/** Asks whether another member becomes the owner instead of the signed-in person. */
export function TransferDialog({
  org,
  member,
  onClose,
}: {
  org: Org;
  member: Member;
  onClose: () => void;
}) {
  const { texts: t, showMessage } = useOrganizations();
  const action = useAction([keys.org(org.id), keys.orgs]);
  const name = member.name ?? member.email;
  const transfer = async (): Promise<boolean> => {
    const done = await action.run(["transfer", member.user_id], (client, init) =>
      client.post("/v1/orgs/{org_id}/transfer", {
        params: { path: { org_id: org.id } },
        body: { user_id: member.user_id },
        ...init,
      }),
    );
    if (done) showMessage(t.members.transferred(name));
    return done !== null;
  };
  return (
    <ConfirmDialog
      title={t.members.transferTitle(name)}
      detail={t.members.transferDetail(name)}
      label={t.members.transfer}
      action={action}
      run={transfer}
      onClose={onClose}
    />
  );
}
