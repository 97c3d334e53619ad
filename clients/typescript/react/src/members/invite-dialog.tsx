import type { AccessCheckResult } from "@organizations/client";
import { useEffect, useRef, useState } from "react";
import { textFor } from "../lookup.ts";
import { useOrganizations } from "../provider.tsx";
import { keys, useAction } from "../queries.ts";
import { type InvitationResult, type Org, ROLES, type Role } from "../types.ts";
import { Dialog } from "../ui/dialog.tsx";
import { SelectField, TextArea } from "../ui/fields.tsx";
import { Badge, ErrorNotice } from "../ui/notice.tsx";

/** The number of invitations per request. */
const INVITATIONS_PER_REQUEST = 20;

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

interface InviteDialogProps {
  org: Org;
  /** The role that is chosen at first. */
  role: Role;
  inviteOwner: AccessCheckResult | undefined;
  onClose: () => void;
}

/** Invites many people at once. Addresses that were not invited stay in the field. */
export function InviteDialog({ org, role: first, inviteOwner, onClose }: InviteDialogProps) {
  const { texts: t, showMessage } = useOrganizations();
  const [text, setText] = useState("");
  const [role, setRole] = useState<Role>(first);
  const [results, setResults] = useState<InvitationResult[]>([]);
  const [isEmpty, setIsEmpty] = useState(false);
  const isClosed = useRef(false);
  useEffect(() => {
    isClosed.current = false;
    return () => {
      isClosed.current = true;
    };
  }, []);
  const action = useAction([[...keys.org(org.id), "invitations"]]);
  const found = addresses(text);
  const run = async () => {
    setIsEmpty(found.length === 0);
    const told: InvitationResult[] = [];
    for (let at = 0; at < found.length && !isClosed.current; at += INVITATIONS_PER_REQUEST) {
      const invitations = found
        .slice(at, at + INVITATIONS_PER_REQUEST)
        .map((email) => ({ email, role }));
      // Each attempt is a request of its own: the service stores no response to this operation.
      const answer = await action.run(["invite", invitations], (client) =>
        client.post("/v1/orgs/{org_id}/invitations/bulk", {
          params: { path: { org_id: org.id } },
          body: { invitations },
        }),
      );
      if (!answer) break;
      told.push(...answer.data.results);
    }
    const done = new Set(
      told.filter((line) => line.status === "invited").map((line) => line.email),
    );
    setText(found.filter((email) => !done.has(email)).join("\n"));
    setResults(told);
    if (done.size > 0) showMessage(t.invite.invited(done.size));
    if (done.size > 0 && done.size === found.length) onClose();
  };
  return (
    <Dialog
      title={t.invite.title}
      onClose={onClose}
      action={{
        label: found.length > 1 ? t.invite.actionMany(found.length) : t.invite.action,
        isBusy: action.isBusy,
        run,
      }}
    >
      <TextArea
        testId="invite-addresses"
        label={t.invite.addresses}
        hint={t.invite.addressesHint}
        error={isEmpty ? t.invite.noAddress : undefined}
        rows={4}
        isRequired
        isReadOnly={action.isBusy}
        value={text}
        onChange={setText}
      />
      <SelectField
        testId="invite-role"
        label={t.orgs.role}
        hint={
          inviteOwner?.decision === "deny"
            ? `${t.invite.roleHint[role]} ${t.invite.noOwners}`
            : t.invite.roleHint[role]
        }
        value={role}
        onChange={setRole}
        options={ROLES.map((one) => ({
          value: one,
          label: t.role[one],
          isDisabled: one === "owner" && inviteOwner?.decision !== "allow",
        }))}
      />
      <div role="status">
        {results.length > 0 && (
          <ul className="orgs-rows">
            {results.map((line) => (
              <li key={line.email} data-testid={`invite-${line.status}`}>
                <span>{line.email}</span>
                {line.status === "invited" ? (
                  <Badge kind="good">{t.invite.done}</Badge>
                ) : (
                  <Badge kind="danger">
                    {textFor(t.invite.refused, line.code) ?? line.code?.replaceAll("_", " ")}
                  </Badge>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
      <ErrorNotice failure={action.failure} onRetry={run} />
    </Dialog>
  );
}
