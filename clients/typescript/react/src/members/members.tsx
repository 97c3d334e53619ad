import type { AccessCheck, AccessCheckResult } from "@organizations/client";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useOrganizations } from "../provider.tsx";
import { keys, useAccess, useAccessAll, useAction, useLoad, useMe, usePages } from "../queries.ts";
import { type Member, type Org, ROLES, type Role } from "../types.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog.tsx";
import { SelectField, TextField } from "../ui/fields.tsx";
import { WithOrganization } from "../ui/loading.tsx";
import { Menu, type MenuEntry } from "../ui/menu.tsx";
import { Badge, Empty, ErrorNotice, Notice } from "../ui/notice.tsx";
import { Root } from "../ui/root.tsx";
import { Title, Toolbar } from "../ui/section.tsx";
import { type Column, Pager, Table } from "../ui/table.tsx";
import { Invitations } from "./invitations.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { TransferDialog } from "./transfer-dialog.tsx";

export interface MembersProps {
  orgId: string;
  /** Replaces the heading. */
  heading?: ReactNode;
  /** Called when the signed-in person has left the organization. */
  onLeave?: () => void;
}

/** The members of an organization and its invitations: search, roles, invite, remove and leave. */
export function Members({ orgId, ...props }: MembersProps) {
  return (
    <Root orgId={orgId}>
      <WithOrganization orgId={orgId}>
        {(org) => <MemberList org={org} {...props} />}
      </WithOrganization>
    </Root>
  );
}

/** What the person may do with members of one role. */
interface Rule {
  change: AccessCheckResult | undefined;
  remove: AccessCheckResult | undefined;
  own: AccessCheckResult | undefined;
}

/** Checks access to one member of each role. The product's policies depend on the role alone. */
function useRules(org: Org, members: Member[]) {
  const samples = ROLES.flatMap((role) => {
    const sample = members.find((member) => member.role === role);
    if (!sample) return [];
    const { user_id } = sample;
    const other: Role = role === "viewer" ? "administrator" : "viewer";
    const checks = {
      change: { action: "change_role", user_id, role: other },
      remove: { action: "remove_member", user_id },
      own: { action: "change_role", user_id, role: "owner" },
    } satisfies Record<keyof Rule, AccessCheck>;
    return [{ role, checks }];
  });
  const { resultOf, failure, reload } = useAccessAll(
    org.id,
    samples.flatMap(({ checks }) => Object.values(checks)),
  );
  const ruleOf = (role: Role): Rule | undefined => {
    const checks = samples.find((sample) => sample.role === role)?.checks;
    return (
      checks && {
        change: resultOf(checks.change),
        remove: resultOf(checks.remove),
        own: resultOf(checks.own),
      }
    );
  };
  return { ruleOf, failure, reload };
}

const displayName = (member: Member): string => member.name ?? member.email;

/** What the person is asked to confirm. */
type Question =
  | { kind: "role"; member: Member; to: Role }
  | { kind: "remove" | "transfer"; member: Member };

/** Changes of owners and of one's own role are hard to undo. */
const isSensitive = (
  { member, to }: { member: Member; to: Role },
  me: string | undefined,
): boolean => to === "owner" || member.role === "owner" || member.user_id === me;

function MemberList({ org, heading, onLeave }: { org: Org } & Omit<MembersProps, "orgId">) {
  const { texts: t, format, showMessage } = useOrganizations();
  const me = useMe().data?.user_id;
  const [typed, setTyped] = useState("");
  const [query, setQuery] = useState("");
  const [role, setRole] = useState<Role | "">("");
  const [inviteRole, setInviteRole] = useState<Role | null>(null);
  const region = useRef<HTMLDivElement>(null);
  const [question, setQuestion] = useState<Question | null>(null);
  const action = useAction([keys.org(org.id), keys.orgs]);
  const invite = useAccess(org.id, { action: "invite_members", role: "viewer" });
  const inviteOwner = useAccess(org.id, { action: "invite_members", role: "owner" });
  const transfer = useAccess(org.id, { action: "transfer_ownership" });
  const listInvitations = useAccess(org.id, { action: "list_invitations" });
  const members = usePages<Member>(
    [...keys.org(org.id), "members", query, role],
    (client, cursor, signal) =>
      client.get("/v1/orgs/{org_id}/members", {
        params: {
          path: { org_id: org.id },
          query: { ...(query && { q: query }), ...(role && { role }), sort: "name", cursor },
        },
        signal,
      }),
  );
  const { ruleOf, ...checked } = useRules(org, members.data?.data ?? []);
  useEffect(() => {
    const timer = setTimeout(() => setQuery(typed.trim()), 250);
    return () => clearTimeout(timer);
  }, [typed]);

  const path = (member: Member) => ({ org_id: org.id, user_id: member.user_id });
  const changeRole = async (member: Member, to: Role): Promise<boolean> => {
    const done = await action.run(["role", member.user_id, to], (client, init) =>
      client.patch("/v1/orgs/{org_id}/members/{user_id}", {
        params: { path: path(member) },
        body: { role: to },
        ...init,
      }),
    );
    if (done) showMessage(t.members.changed(displayName(member), to));
    return done !== null;
  };
  const remove = async (member: Member): Promise<boolean> => {
    const done = await action.run(["remove", member.user_id], (client, init) =>
      client.delete("/v1/orgs/{org_id}/members/{user_id}", {
        params: { path: path(member) },
        ...init,
      }),
    );
    if (done) showMessage(t.members.removed(displayName(member)));
    return done !== null;
  };
  const leave = async (): Promise<boolean> => {
    const done = await action.run("leave", (client, init) =>
      client.post("/v1/orgs/{org_id}/leave", { params: { path: { org_id: org.id } }, ...init }),
    );
    if (done) {
      showMessage(t.members.left(org.name));
      onLeave?.();
    }
    return done !== null;
  };
  const columns: Column<Member>[] = [
    {
      label: t.members.name,
      kind: "heading",
      cell: (member) => (
        <>
          {displayName(member)} {member.user_id === me && <Badge>{t.members.you}</Badge>}
          {member.name && <span className="orgs-under">{member.email}</span>}
        </>
      ),
    },
    {
      label: t.orgs.role,
      cell: (member) => (
        <RoleChoice
          member={member}
          rule={ruleOf(member.role)}
          onChoose={(to) => setQuestion({ kind: "role", member, to })}
        />
      ),
    },
    { label: t.members.joined, cell: (member) => format.day(member.joined_at) },
    {
      label: t.members.actions,
      kind: "actions",
      cell: (member) => {
        const isMe = member.user_id === me;
        const rule = ruleOf(member.role);
        const ask = () => setQuestion({ kind: "remove", member });
        const entries: MenuEntry[] = isMe
          ? [{ label: t.members.leave, testId: "leave-org", isDangerous: true, onSelect: ask }]
          : [
              {
                label: t.members.remove,
                testId: "remove-member",
                access: rule?.remove,
                isPending: !rule?.remove,
                isDangerous: true,
                onSelect: ask,
              },
            ];
        if (!isMe && org.role === "owner")
          entries.unshift({
            label: t.members.transfer,
            testId: "transfer-ownership",
            access: transfer,
            isPending: !transfer,
            onSelect: () => setQuestion({ kind: "transfer", member }),
          });
        return (
          <Menu
            label={t.members.actionsFor(displayName(member))}
            testId="member-menu"
            entries={entries}
          />
        );
      },
    },
  ];

  const isAlone = org.owner_count === 1 && org.role === "owner" && org.status === "active";
  return (
    <>
      <Toolbar heading={heading ?? <Title>{t.members.heading}</Title>}>
        <Button
          kind="primary"
          testId="invite"
          access={invite}
          onClick={() => setInviteRole("viewer")}
        >
          {t.invite.title}
        </Button>
      </Toolbar>
      <MemberCount org={org} />
      {isAlone && (
        <Notice testId="only-owner">
          <p>
            {t.members.oneOwner}{" "}
            <Button
              kind="link"
              testId="invite-owner"
              access={inviteOwner}
              onClick={() => setInviteRole("owner")}
            >
              {t.members.inviteOwner}
            </Button>
          </p>
        </Notice>
      )}
      <div className="orgs-filters">
        <TextField
          testId="member-search"
          type="search"
          label={t.members.search}
          maxLength={100}
          value={typed}
          onChange={setTyped}
        />
        <SelectField
          testId="member-role-filter"
          label={t.orgs.role}
          value={role}
          onChange={setRole}
          options={[
            { value: "", label: t.members.everyRole },
            ...ROLES.map((one) => ({ value: one, label: t.role[one] })),
          ]}
        />
      </div>
      {!question && <ErrorNotice failure={action.failure} />}
      <ErrorNotice failure={checked.failure} onRetry={checked.reload} />
      <Table
        testId="members-table"
        caption={t.members.title(org.name)}
        columns={columns}
        list={members}
        regionRef={region}
        rowKey={(member) => member.user_id}
        rowTestId={() => "member-row"}
        empty={
          <Empty testId="members-empty" title={t.members.none}>
            <p>{t.members.noneDetail}</p>
          </Empty>
        }
      />
      <Pager pages={members} />
      {/* After the members, which would move it. */}
      {members.data && listInvitations?.decision === "allow" && <Invitations org={org} />}
      {inviteRole && (
        <InviteDialog
          org={org}
          role={inviteRole}
          inviteOwner={inviteOwner}
          onClose={() => setInviteRole(null)}
        />
      )}
      {question?.kind === "remove" && (
        <ConfirmDialog
          {...(question.member.user_id === me
            ? {
                title: t.members.leaveTitle(org.name),
                detail: t.members.leaveDetail,
                label: t.members.leave,
                run: leave,
              }
            : {
                title: t.members.removeTitle(displayName(question.member), org.name),
                detail: t.members.removeDetail(displayName(question.member)),
                label: t.members.remove,
                run: () => remove(question.member),
              })}
          action={action}
          focusAfter={region}
          onClose={() => setQuestion(null)}
        />
      )}
      {question?.kind === "transfer" && (
        <TransferDialog org={org} member={question.member} onClose={() => setQuestion(null)} />
      )}
      {question?.kind === "role" && (
        <ConfirmDialog
          title={t.members.shiftTitle(displayName(question.member), question.to)}
          detail={
            question.to === "owner"
              ? t.members.shiftUp(displayName(question.member))
              : question.member.user_id === me
                ? t.members.shiftMe
                : question.member.role === "owner"
                  ? t.members.shiftDown(displayName(question.member))
                  : t.invite.roleHint[question.to]
          }
          isDangerous={isSensitive(question, me)}
          label={t.members.shift}
          action={action}
          run={() => changeRole(question.member, question.to)}
          onClose={() => setQuestion(null)}
        />
      )}
    </>
  );
}

/**
 * The number of members of each role. The organization stores the numbers of members and owners;
 * the administrators are counted from one page of the list.
 */
function MemberCount({ org }: { org: Org }) {
  const { texts: t } = useOrganizations();
  const { id, member_count: all, owner_count: owners } = org;
  const hasOthers = all > owners;
  const { data } = useLoad(
    [...keys.org(id), "administrators"],
    (client, signal) =>
      client.get("/v1/orgs/{org_id}/members", {
        params: { path: { org_id: id }, query: { role: "administrator", limit: 100 } },
        signal,
      }),
    { isEnabled: hasOthers },
  );
  const count = (): string => {
    if (!hasOthers || !data) return t.members.count(all, owners);
    const administrators = data.data.length;
    if (data.next_cursor) return t.members.countWithMany(all, owners, administrators);
    // The list can be newer than the organization.
    if (administrators > all - owners) return t.members.count(all, owners);
    return t.members.countByRole(all, owners, administrators);
  };
  return (
    <p className="orgs-quiet" data-testid="member-count">
      {count()}
    </p>
  );
}

/** The role of a member, as text if it cannot be changed. */
function RoleChoice({
  member,
  rule,
  onChoose,
}: {
  member: Member;
  rule: Rule | undefined;
  onChoose: (to: Role) => void;
}) {
  const { texts: t } = useOrganizations();
  const allows = (to: Role): boolean =>
    to === member.role || (to === "owner" ? rule?.own : rule?.change)?.decision === "allow";
  if (!ROLES.some((to) => to !== member.role && allows(to))) return t.role[member.role];
  return (
    <select
      className="orgs-input"
      data-testid="member-role"
      aria-label={t.members.roleOf(displayName(member))}
      value={member.role}
      onChange={(event) => {
        const to = event.currentTarget.value as Role;
        // A key can choose too, so the choice is confirmed. Until then the list shows the stored
        // role.
        event.currentTarget.value = member.role;
        onChoose(to);
      }}
    >
      {ROLES.map((to) => (
        <option key={to} value={to} disabled={!allows(to)}>
          {t.role[to]}
        </option>
      ))}
    </select>
  );
}
