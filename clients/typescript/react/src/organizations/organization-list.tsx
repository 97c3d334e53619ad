import type { ReactNode } from "react";
import { useOrganizations } from "../provider.tsx";
import { keys, usePages } from "../queries.ts";
import type { Org, Page } from "../types.ts";
import { Badge, Empty } from "../ui/notice.tsx";
import { Root } from "../ui/root.tsx";
import { Title, Toolbar } from "../ui/section.tsx";
import { type Column, Pager, Table } from "../ui/table.tsx";
import { CreateOrganization } from "./create-organization.tsx";

export interface OrganizationListProps {
  /** Replaces the heading. */
  heading?: ReactNode;
  /** Called with the organization that the person chose or created. */
  onSelect: (org: Org) => void;
  /** The URL of an organization's page. With it, names are links. */
  hrefOf?: (org: Org) => string;
}

/** The organizations of the signed-in person, and a button to create one. */
export function OrganizationList({ heading, onSelect, hrefOf }: OrganizationListProps) {
  const { texts: t, format } = useOrganizations();
  const orgs = usePages<Org>([...keys.orgs, "list"], async (client, cursor, signal) => {
    return (await client.get("/v1/orgs", { params: { query: { cursor } }, signal })) as Page<Org>;
  });
  const columns: Column<Org>[] = [
    {
      label: t.orgs.name,
      kind: "heading",
      cell: (org) => (
        <>
          {hrefOf ? (
            <a href={hrefOf(org)}>{org.name}</a>
          ) : (
            <button
              type="button"
              className="orgs-button"
              data-kind="link"
              onClick={() => onSelect(org)}
            >
              {org.name}
            </button>
          )}{" "}
          {org.status !== "active" && <Badge kind="warning">{t.orgs.status[org.status]}</Badge>}
          {org.description && <span className="orgs-under">{org.description}</span>}
        </>
      ),
    },
    { label: t.orgs.role, cell: (org) => t.role[org.role] },
    { label: t.orgs.members, kind: "number", cell: (org) => format.count(org.member_count) },
    { label: t.orgs.since, cell: (org) => format.day(org.created_at) },
  ];
  return (
    <Root>
      <Toolbar heading={heading ?? <Title>{t.orgs.title}</Title>}>
        <CreateOrganization onCreate={onSelect} />
      </Toolbar>
      <Table
        testId="orgs-table"
        caption={t.orgs.title}
        columns={columns}
        list={orgs}
        rowKey={(org) => org.id}
        rowTestId={() => "org-row"}
        empty={
          <Empty testId="orgs-empty" title={t.orgs.none}>
            <p>{t.orgs.noneDetail}</p>
          </Empty>
        }
      />
      <Pager pages={orgs} />
    </Root>
  );
}
