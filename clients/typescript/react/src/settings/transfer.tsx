import { useState } from "react";
import { TransferDialog } from "../members/transfer-dialog.tsx";
import { useOrganizations } from "../provider.tsx";
import { keys, useAccess, useLoad, useMe } from "../queries.ts";
import type { Member, Org } from "../types.ts";
import { Button } from "../ui/button.tsx";
import { SelectField } from "../ui/fields.tsx";
import { WhenLoaded } from "../ui/loading.tsx";
import { Section } from "../ui/section.tsx";

/** Gives the ownership to another member. The first 100 members can be chosen here. */
export function TransferSettings({ org }: { org: Org }) {
  const { texts: t } = useOrganizations();
  const access = useAccess(org.id, { action: "transfer_ownership" });
  const me = useMe().data?.user_id;
  const [chosen, setChosen] = useState("");
  const [asking, setAsking] = useState<Member | null>(null);
  const members = useLoad([...keys.org(org.id), "members", "by-name"], (client, signal) =>
    client.get("/v1/orgs/{org_id}/members", {
      params: { path: { org_id: org.id }, query: { limit: 100, sort: "name" } },
      signal,
    }),
  );
  return (
    <Section testId="settings-transfer" title={t.members.transfer} access={access}>
      <p>{t.members.transferIntro}</p>
      <WhenLoaded loaded={members}>
        {({ data }) => {
          const others = data.filter((member) => member.user_id !== me);
          const member = others.find(({ user_id }) => user_id === chosen);
          if (others.length === 0) return <p className="orgs-quiet">{t.members.transferNobody}</p>;
          return (
            <>
              <SelectField
                testId="transfer-to"
                label={t.members.transferTo}
                isDisabled={access?.decision === "deny"}
                value={chosen}
                onChange={setChosen}
                options={[
                  { value: "", label: t.members.transferChoose },
                  ...others.map(({ user_id, name, email }) => ({
                    value: user_id,
                    label: name ? `${name} (${email})` : email,
                  })),
                ]}
              />
              <div className="orgs-actions">
                <Button
                  testId="transfer"
                  access={access}
                  isDisabled={!member}
                  onClick={() => member && setAsking(member)}
                >
                  {t.members.transfer}
                </Button>
              </div>
            </>
          );
        }}
      </WhenLoaded>
      {asking && <TransferDialog org={org} member={asking} onClose={() => setAsking(null)} />}
    </Section>
  );
}
