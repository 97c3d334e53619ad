import { useState } from "react";
import { fieldError } from "../failure.ts";
import { useOrganizations } from "../provider.tsx";
import { keys, useAction } from "../queries.ts";
import type { Org } from "../types.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextArea, TextField } from "../ui/fields.tsx";
import { ErrorNotice } from "../ui/notice.tsx";

export interface CreateOrganizationProps {
  /** Called with the new organization. The signed-in person is its owner. */
  onCreate?: (org: Org) => void;
}

/** A button that opens a dialog to create an organization. */
export function CreateOrganization({ onCreate }: CreateOrganizationProps) {
  const { texts: t } = useOrganizations();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <div className="orgs">
      <Button kind="primary" testId="create-org" onClick={() => setIsOpen(true)}>
        {t.orgs.create}
      </Button>
      {isOpen && <CreateOrganizationDialog onClose={() => setIsOpen(false)} onCreate={onCreate} />}
    </div>
  );
}

export function CreateOrganizationDialog({
  onClose,
  onCreate,
}: CreateOrganizationProps & { onClose: () => void }) {
  const { texts: t, showMessage } = useOrganizations();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const action = useAction([keys.orgs]);
  const run = async () => {
    const body = { name, ...(description && { description }) };
    const done = await action.run(["create", body], (client, init) =>
      client.post("/v1/orgs", { body, ...init }),
    );
    if (!done) return;
    showMessage(t.orgs.created(done.data.name));
    onClose();
    onCreate?.(done.data as Org);
  };
  return (
    <Dialog
      title={t.orgs.create}
      onClose={onClose}
      action={{ label: t.orgs.createAction, isBusy: action.isBusy, run }}
    >
      <TextField
        testId="org-name"
        label={t.orgs.name}
        hint={t.orgs.nameHint}
        error={fieldError(action.failure, "/name", t)}
        isRequired
        maxLength={64}
        value={name}
        onChange={setName}
      />
      <TextArea
        testId="org-description"
        label={t.orgs.description}
        error={fieldError(action.failure, "/description", t)}
        rows={2}
        maxLength={500}
        value={description}
        onChange={setDescription}
      />
      <ErrorNotice failure={action.failure} onRetry={run} />
    </Dialog>
  );
}
