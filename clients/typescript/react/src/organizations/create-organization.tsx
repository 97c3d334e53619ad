import { useState } from "react";
import { useOrganizations } from "../provider.tsx";
import { type Action, keys, useAction } from "../queries.ts";
import type { Org } from "../types.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ErrorNotice } from "../ui/notice.tsx";
import { Root } from "../ui/root.tsx";
import { NameFields } from "./name-fields.tsx";

export interface CreateOrganizationProps {
  /** Called with the new organization. The signed-in person is its owner. */
  onCreate?: (org: Org) => void;
}

/** A button that opens a dialog to create an organization. */
export function CreateOrganization({ onCreate }: CreateOrganizationProps) {
  const { texts: t } = useOrganizations();
  const [isOpen, setIsOpen] = useState(false);
  const action = useAction([keys.orgs]);
  return (
    <Root>
      <Button kind="primary" testId="create-org" onClick={() => setIsOpen(true)}>
        {t.orgs.create}
      </Button>
      {isOpen && (
        <CreateOrganizationDialog
          action={action}
          onClose={() => setIsOpen(false)}
          onCreate={onCreate}
        />
      )}
    </Root>
  );
}

export function CreateOrganizationDialog({
  action,
  onClose,
  onCreate,
}: CreateOrganizationProps & {
  /**
   * The action of a component that stays: after a lost response, the same input is the same change.
   */
  action: Action;
  onClose: () => void;
}) {
  const { texts: t, showMessage } = useOrganizations();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const close = () => {
    action.forget();
    onClose();
  };
  const run = async () => {
    const body = { name, ...(description && { description }) };
    const done = await action.run(["create", body], (client, init) =>
      client.post("/v1/orgs", { body, ...init }),
    );
    if (!done) return;
    showMessage(t.orgs.created(done.data.name));
    close();
    onCreate?.(done.data as Org);
  };
  return (
    <Dialog
      title={t.orgs.create}
      onClose={close}
      action={{ label: t.orgs.createAction, isBusy: action.isBusy, run }}
    >
      <NameFields
        testId="org"
        hint={t.orgs.nameHint}
        failure={action.failure}
        name={name}
        onName={setName}
        description={description}
        onDescription={setDescription}
      />
      <ErrorNotice failure={action.failure} onRetry={run} />
    </Dialog>
  );
}
