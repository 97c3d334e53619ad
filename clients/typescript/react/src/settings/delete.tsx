import { useState } from "react";
import { useOrganizations } from "../provider.tsx";
import { keys, useAccess, useAction } from "../queries.ts";
import type { Org } from "../types.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { Section } from "../ui/section.tsx";

/** Deletes the organization, or restores it. */
export function DeleteSettings({ org }: { org: Org }) {
  const { texts: t, showMessage } = useOrganizations();
  const [isAsking, setIsAsking] = useState(false);
  const action = useAction([keys.org(org.id), keys.orgs]);
  const mayDelete = useAccess(org.id, { action: "delete_org" });
  const mayRestore = useAccess(org.id, { action: "restore_org" });
  const isDeleted = org.status === "deleted";
  const params = { path: { org_id: org.id } };
  const remove = async (): Promise<boolean> => {
    const done = await action.run("delete", (client, init) =>
      client.delete("/v1/orgs/{org_id}", { params, ...init }),
    );
    if (done) showMessage(t.settings.removed(org.name));
    return done !== null;
  };
  const restore = async () => {
    const done = await action.run("restore", (client, init) =>
      client.post("/v1/orgs/{org_id}/restore", { params, ...init }),
    );
    if (done) showMessage(t.settings.restored(org.name));
  };
  return (
    <Section testId="settings-delete" title={isDeleted ? t.settings.restore : t.settings.remove}>
      <p>{isDeleted ? t.settings.restoreDetail : t.settings.removeDetail}</p>
      <div className="orgs-actions">
        {isDeleted ? (
          <Button
            kind="primary"
            testId="restore-org"
            access={mayRestore}
            isBusy={action.isBusy}
            onClick={restore}
          >
            {t.settings.restore}
          </Button>
        ) : (
          <Button
            kind="danger"
            testId="delete-org"
            access={mayDelete}
            onClick={() => setIsAsking(true)}
          >
            {t.settings.remove}
          </Button>
        )}
      </div>
      {!isAsking && <ErrorNotice failure={action.failure} onRetry={restore} />}
      {isAsking && (
        <ConfirmDialog
          title={t.settings.removeTitle(org.name)}
          detail={t.settings.removeConfirm(org.member_count)}
          label={t.settings.remove}
          action={action}
          run={remove}
          onClose={() => setIsAsking(false)}
        />
      )}
    </Section>
  );
}
