import { useRef, useState } from "react";
import { useOrganizations } from "../provider.tsx";
import { keys, useAccessCheck, useAction, usePages } from "../queries.ts";
import type { Hold } from "../types.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/dialog.tsx";
import { Root } from "../ui/root.tsx";
import { Title, Toolbar } from "../ui/section.tsx";
import { type Column, Pager, Table } from "../ui/table.tsx";

/** The open holds of an organization, for those who may see them. Nothing is shown without holds. */
export function Holds({ orgId }: { orgId: string }) {
  const mayRead = useAccessCheck(orgId, { action: "list_holds" });
  return (
    <Root orgId={orgId}>
      {mayRead.data?.decision === "allow" && <HoldsOfOrganization orgId={orgId} />}
    </Root>
  );
}

function HoldsOfOrganization({ orgId }: { orgId: string }) {
  const { texts: t, format, showMessage } = useOrganizations();
  const [releasing, setReleasing] = useState<Hold | null>(null);
  const region = useRef<HTMLDivElement>(null);
  const key = [...keys.org(orgId), "holds"];
  const action = useAction([key, [...keys.org(orgId), "budget"]]);
  const holds = usePages<Hold>(key, (client, cursor, signal) =>
    client.get("/v1/orgs/{org_id}/holds", {
      params: { path: { org_id: orgId }, query: { cursor } },
      signal,
    }),
  );
  const release = async (hold: Hold): Promise<boolean> => {
    const done = await action.run(["release", hold.id], (client, init) =>
      client.delete("/v1/orgs/{org_id}/holds/{hold_id}", {
        params: { path: { org_id: orgId, hold_id: hold.id } },
        ...init,
      }),
    );
    if (done) showMessage(t.holds.released(hold.id));
    return done !== null;
  };
  const columns: Column<Hold>[] = [
    {
      label: t.holds.run,
      kind: "heading",
      cell: (hold) => (
        <>
          {hold.id}
          <span className="orgs-under">{t.holds.by(hold.client_id)}</span>
        </>
      ),
    },
    { label: t.usage.credits, kind: "number", cell: (hold) => format.credits(hold.credits) },
    { label: t.holds.captured, kind: "number", cell: (hold) => format.credits(hold.captured) },
    { label: t.holds.created, cell: (hold) => format.time(hold.created_at) },
    { label: t.holds.expires, cell: (hold) => format.time(hold.expires_at) },
    {
      label: t.members.actions,
      kind: "actions",
      cell: (hold) => (
        <Button testId="release-hold" onClick={() => setReleasing(hold)}>
          {t.holds.release}
        </Button>
      ),
    },
  ];
  if (!holds.data?.data.length && !holds.hasPrevious && !holds.failure) return null;
  return (
    <>
      <Toolbar heading={<Title>{t.holds.title}</Title>} />
      <p className="orgs-quiet">{t.holds.detail}</p>
      <Table
        testId="holds-table"
        caption={t.holds.title}
        columns={columns}
        list={holds}
        regionRef={region}
        rowKey={(hold) => hold.id}
        rowTestId={() => "hold-row"}
        empty={null}
      />
      <Pager pages={holds} />
      {releasing && (
        <ConfirmDialog
          title={t.holds.releaseTitle(releasing.id)}
          detail={t.holds.releaseDetail}
          label={t.holds.release}
          action={action}
          run={() => release(releasing)}
          focusAfter={region}
          onClose={() => setReleasing(null)}
        />
      )}
    </>
  );
}
