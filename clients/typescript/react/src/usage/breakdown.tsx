import { useOrganizations } from "../provider.tsx";
import type { Series } from "./series.ts";

/** The totals of the largest groups, with the colors of the chart. */
export function Breakdown({ series: { groups } }: { series: Series }) {
  const { texts: t, format } = useOrganizations();
  const all = groups.reduce((sum, { total }) => sum + total, 0);
  return (
    <div className="orgs-breakdown" data-testid="usage-breakdown">
      <h3>{t.usage.breakdown}</h3>
      <ul>
        {groups.map(({ id, name, total, isRest }, at) => (
          <li key={isRest ? "rest" : `group ${id}`}>
            <span
              className="orgs-swatch"
              data-group={isRest ? "rest" : at + 1}
              aria-hidden="true"
            />
            <span className="orgs-breakdown-name">{name}</span>
            <span className="orgs-number">{format.about(total)}</span>
            <span className="orgs-number orgs-quiet">
              {format.share(all > 0 ? total / all : 0)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
