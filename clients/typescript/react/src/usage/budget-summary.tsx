import { textFor } from "../lookup.ts";
import { useOrganizations } from "../provider.tsx";
import { keys, type Loaded, useLoad } from "../queries.ts";
import type { Budget } from "../types.ts";
import { Badge, ErrorNotice } from "../ui/notice.tsx";
import { Root } from "../ui/root.tsx";

/** The budget of an organization and this month's usage. */
export const useBudget = (orgId: string): Loaded<Budget> =>
  useLoad([...keys.org(orgId), "budget"], (client, signal) =>
    client.get("/v1/orgs/{org_id}/budget", { params: { path: { org_id: orgId } }, signal }),
  );

const KINDS = { none: "plain", ok: "good", warning: "warning", exceeded: "danger" } as const;

/** This month's usage, budget and forecast. */
export function BudgetSummary({ orgId }: { orgId: string }) {
  const { texts: t, format } = useOrganizations();
  const { data: budget, failure, reload } = useBudget(orgId);
  if (failure && !budget)
    return (
      <Root orgId={orgId}>
        <ErrorNotice failure={failure} onRetry={reload} />
      </Root>
    );
  const tile = (label: string, testId: string, value: string | undefined) => (
    <div>
      <dt>{label}</dt>
      <dd data-testid={testId}>{value ?? "…"}</dd>
    </div>
  );
  return (
    <Root orgId={orgId}>
      <dl className="orgs-tiles" data-testid="budget-summary" aria-busy={!budget}>
        <div>
          <dt>{t.usage.spent}</dt>
          <dd>
            <span data-testid="budget-spent">{budget ? format.credits(budget.spent) : "…"}</span>{" "}
            {budget && budget.held !== "0" && (
              <Badge testId="budget-held">{t.usage.held(format.credits(budget.held))}</Badge>
            )}
          </dd>
        </div>
        <div>
          <dt>{t.usage.budget}</dt>
          <dd data-testid="budget-monthly">
            {budget
              ? budget.monthly_credits === null
                ? t.usage.noBudget
                : format.credits(budget.monthly_credits)
              : "…"}{" "}
            {budget && budget.state !== "none" && (
              <Badge kind={KINDS[budget.state]}>{textFor(t.usage.states, budget.state)}</Badge>
            )}
          </dd>
        </div>
        {tile(
          t.usage.forecast,
          "budget-forecast",
          budget && format.about(Number(budget.forecast.credits)),
        )}
        {tile(t.usage.until, "budget-until", budget && format.lastDay(budget.period.end))}
      </dl>
    </Root>
  );
}
