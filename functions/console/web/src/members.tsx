// The members of an organization, and its invitations.

import { useEffect, useState } from "preact/hooks";
import { type Answer, type Loaded, path, useAction, useLoad } from "./api.ts";
import { onDay } from "./format.ts";
import { Invite, Pending } from "./invitations.tsx";
import { check, type OrgPageProps } from "./org-page.ts";
import { t } from "./texts.ts";
import { type Check, type Checked, type Member, ROLES, type Role } from "./types.ts";
import {
  Button,
  Confirm,
  Empty,
  ErrorNotice,
  Field,
  Heading,
  Pager,
  showToast,
  Table,
  usePages,
} from "./ui.tsx";

/** Access checks for one member of each role. The product's policies depend on the role alone. */
type Rules = Partial<Record<Role, { change: Checked; remove: Checked; own: Checked }>>;

/** Checks access to one member of each role. Repeats the check only if the samples change. */
function useRules({ org }: OrgPageProps, members: Member[]): Loaded<Rules> {
  const samples = ROLES.flatMap((role) => members.find((member) => member.role === role) ?? []);
  const checks = samples.flatMap(({ user_id, role }): Check[] => [
    { action: "change_role", user_id, role: role === "viewer" ? "administrator" : "viewer" },
    { action: "remove_member", user_id },
    { action: "change_role", user_id, role: "owner" },
  ]);
  const wanted = checks.length > 0 ? JSON.stringify([org.role, checks]) : null;
  const load = async (): Promise<Answer<Rules>> => {
    const answer = await check(org.id, checks);
    if (!answer.ok) return answer;
    const rules: Rules = {};
    samples.forEach(({ role }, at) => {
      const [change, remove, own] = answer.data.results.slice(at * 3, at * 3 + 3);
      if (change && remove && own) rules[role] = { change, remove, own };
    });
    return { ...answer, data: rules };
  };
  return useLoad<Rules>(wanted, load);
}

export function Members(props: OrgPageProps) {
  const { org, permissions, me, reload } = props;
  const [typed, setTyped] = useState("");
  const [query, setQuery] = useState("");
  const [role, setRole] = useState("");
  const [inviteRole, setInviteRole] = useState<Role | null>(null);
  const [roleChange, setRoleChange] = useState<{ member: Member; to: Role } | null>(null);
  const [removing, setRemoving] = useState<Member | null>(null);
  const [newOwner, setNewOwner] = useState<Member | null>(null);
  const [invitedTimes, setInvitedTimes] = useState(0);
  const action = useAction();
  const members = usePages<Member>(`/orgs/${org.id}/members`, { q: query, role }, path);
  const rules = useRules(props, members.data?.data ?? []);
  useEffect(() => {
    const timer = setTimeout(() => setQuery(typed.trim()), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  const changed = (what: string) => {
    showToast(what);
    members.reload();
    reload();
  };
  const change = async (member: Member, to: Role) => {
    // Confirm changes of owners and of one's own role: the person may be unable to undo them.
    if (to === "owner" || member.role === "owner" || member.user_id === me)
      return setRoleChange({ member, to });
    const answer = await action.run({
      method: "PATCH",
      path: `/orgs/${org.id}/members/${encodeURIComponent(member.user_id)}`,
      body: { role: to },
    });
    // After a failure, reload to show the stored role instead of the selected one.
    if (answer?.ok) changed(t.members.changed(displayName(member), to));
    else members.reload();
  };
  const closeDialogs = () => {
    setRemoving(null);
    setNewOwner(null);
    setRoleChange(null);
    action.forget();
  };
  const isAlone = org.owner_count === 1 && org.role === "owner" && org.status === "active";
  return (
    <>
      <div class="head">
        <Heading>{t.members.title(org.name)}</Heading>
        <Button
          kind="main"
          testId="invite"
          check={permissions.invite}
          onClick={() => setInviteRole("viewer")}
        >
          {t.invite.title}
        </Button>
      </div>
      {isAlone && (
        <div class="notice" data-testid="only-owner">
          <p>
            {t.members.oneOwner}{" "}
            <Button
              kind="link"
              testId="invite-owner"
              check={permissions.inviteOwner}
              onClick={() => setInviteRole("owner")}
            >
              {t.members.inviteOwner}
            </Button>
          </p>
        </div>
      )}
      <div class="filters">
        <Field testId="member-search" label={t.members.search}>
          {(field) => (
            <input
              {...field}
              type="search"
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field testId="member-role-filter" label={t.orgs.role}>
          {(field) => (
            <select
              {...field}
              value={role}
              onChange={(event) => setRole(event.currentTarget.value)}
            >
              <option value="">{t.members.everyRole}</option>
              {ROLES.map((one) => (
                <option key={one} value={one}>
                  {t.role[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {!removing && !newOwner && !roleChange && <ErrorNotice problem={action.problem} />}
      <ErrorNotice problem={rules.problem} again={rules.reload} />
      <Table
        testId="members-table"
        caption={t.members.title(org.name)}
        heads={[t.members.name, t.orgs.role, t.members.joined, t.members.actions]}
        pages={members}
        empty={
          <Empty testId="members-empty" title={t.members.none}>
            <p>{t.members.noneDetail}</p>
          </Empty>
        }
        row={(member) => {
          const isMe = member.user_id === me;
          const rule = rules.data?.[member.role];
          const allows = (to: Role) =>
            to === member.role || (to === "owner" ? rule?.own : rule?.change)?.decision === "allow";
          const isFixed = !ROLES.some((to) => to !== member.role && allows(to));
          return (
            <tr key={member.user_id} data-testid="member-row">
              <th scope="row">
                {displayName(member)}
                {isMe && <span class="chip plain">{t.members.you}</span>}
                <span class="under">{member.email}</span>
              </th>
              <td>
                {isFixed ? (
                  t.role[member.role]
                ) : (
                  <select
                    data-testid="member-role"
                    aria-label={t.members.roleOf(displayName(member))}
                    aria-disabled={action.isBusy}
                    value={member.role}
                    onChange={(event) => change(member, event.currentTarget.value as Role)}
                  >
                    {ROLES.map((to) => (
                      <option key={to} value={to} disabled={!allows(to)}>
                        {t.role[to]}
                      </option>
                    ))}
                  </select>
                )}
              </td>
              <td>{onDay(member.joined_at)}</td>
              <td class="row-actions">
                {!isMe && org.role === "owner" && (
                  <Button
                    kind="link"
                    testId="transfer-ownership"
                    check={permissions.transfer}
                    label={t.members.transferTo(displayName(member))}
                    onClick={() => {
                      action.forget();
                      setNewOwner(member);
                    }}
                  >
                    {t.members.transfer}
                  </Button>
                )}
                <Button
                  kind="link"
                  testId={isMe ? "leave-org" : "remove-member"}
                  check={isMe ? undefined : rule?.remove}
                  isDisabled={!isMe && !rule}
                  label={isMe ? t.members.leave : t.members.removeOf(displayName(member))}
                  onClick={() => {
                    action.forget();
                    setRemoving(member);
                  }}
                >
                  {isMe ? t.members.leave : t.members.remove}
                </Button>
              </td>
            </tr>
          );
        }}
      />
      <Pager pages={members} />
      {permissions.listInvitations?.decision === "allow" && (
        <Pending key={invitedTimes} {...props} />
      )}
      {inviteRole && (
        <Invite
          {...props}
          role={inviteRole}
          onClose={() => {
            setInviteRole(null);
            setInvitedTimes(invitedTimes + 1);
          }}
        />
      )}
      {removing && (
        <Confirm
          title={
            removing.user_id === me
              ? t.members.leaveTitle(org.name)
              : t.members.removeTitle(displayName(removing), org.name)
          }
          detail={
            removing.user_id === me
              ? t.members.leaveDetail
              : t.members.removeDetail(displayName(removing))
          }
          label={removing.user_id === me ? t.members.leave : t.members.remove}
          action={action}
          request={
            removing.user_id === me
              ? { method: "POST", path: `/orgs/${org.id}/leave` }
              : {
                  method: "DELETE",
                  path: `/orgs/${org.id}/members/${encodeURIComponent(removing.user_id)}`,
                }
          }
          onClose={closeDialogs}
          onDone={() => {
            closeDialogs();
            if (removing.user_id === me) location.hash = "#/";
            else changed(t.members.removed(displayName(removing)));
          }}
        />
      )}
      {roleChange && (
        <Confirm
          title={t.members.shiftTitle(displayName(roleChange.member), roleChange.to)}
          detail={
            roleChange.to === "owner"
              ? t.members.shiftUp(displayName(roleChange.member))
              : roleChange.member.user_id === me
                ? t.members.shiftMe
                : t.members.shiftDown(displayName(roleChange.member))
          }
          label={t.members.shift}
          action={action}
          request={{
            method: "PATCH",
            path: `/orgs/${org.id}/members/${encodeURIComponent(roleChange.member.user_id)}`,
            body: { role: roleChange.to },
          }}
          onClose={closeDialogs}
          onDone={() => {
            closeDialogs();
            changed(t.members.changed(displayName(roleChange.member), roleChange.to));
          }}
        />
      )}
      {newOwner && (
        <Confirm
          title={t.members.transferTitle(displayName(newOwner))}
          detail={t.members.transferDetail(displayName(newOwner))}
          label={t.members.transfer}
          action={action}
          request={{
            method: "POST",
            path: `/orgs/${org.id}/transfer`,
            body: { user_id: newOwner.user_id },
          }}
          onClose={closeDialogs}
          onDone={() => {
            closeDialogs();
            changed(t.members.transferred(displayName(newOwner)));
          }}
        />
      )}
    </>
  );
}

const displayName = (member: Member): string => member.name ?? member.email;
