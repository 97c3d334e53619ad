import type { ReactNode, Ref } from "react";
import { useOrganizations } from "../provider.tsx";
import type { Loaded, Pages } from "../queries.ts";
import type { Page } from "../types.ts";
import { Button } from "./button.tsx";
import { ErrorNotice } from "./notice.tsx";

export interface Column<T> {
  label: string;
  cell: (item: T) => ReactNode;
  /** `heading` names the row; `number` is aligned at the end; `actions` has the row's menu. */
  kind?: "text" | "heading" | "number" | "actions";
}

interface TableProps<T> {
  caption: string;
  testId: string;
  columns: Column<T>[];
  list: Pick<Loaded<Page<T>>, "data" | "failure" | "isLoading" | "reload">;
  rowKey: (item: T) => string;
  rowTestId: (item: T) => string;
  /** Shown instead of a table without rows. */
  empty: ReactNode;
  /** True if it stays a table on narrow screens. Otherwise each row becomes a card there. */
  isSmall?: boolean;
  regionRef?: Ref<HTMLDivElement>;
}

/** A table that scrolls horizontally, and shows placeholder rows while it loads. */
export function Table<T>({
  caption,
  testId,
  columns,
  list,
  rowKey,
  rowTestId,
  empty,
  isSmall = false,
  regionRef,
}: TableProps<T>) {
  const { data, isLoading, failure, reload } = list;
  const notice = <ErrorNotice failure={failure} onRetry={reload} />;
  if (failure && !data) return notice;
  if (data?.data.length === 0 && !data.next_cursor)
    return (
      <>
        {notice}
        {empty}
      </>
    );
  return (
    <>
      {notice}
      {/* biome-ignore lint/a11y/useSemanticElements: a named region needs no section element */}
      <div
        ref={regionRef}
        className="orgs-scroll"
        data-testid={testId}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it
        tabIndex={0}
        role="region"
        aria-label={caption}
      >
        {/* On narrow screens the rows are cards. `display: block` removes roles, so they are explicit. */}
        <table
          role="table"
          className={isSmall ? "orgs-table" : "orgs-table orgs-cards"}
          aria-busy={isLoading}
        >
          <caption className="orgs-hidden">{caption}</caption>
          <thead role="rowgroup">
            <tr role="row">
              {columns.map(({ label, kind }) => (
                <th key={label} scope="col" role="columnheader" data-kind={kind}>
                  {kind === "actions" ? <span className="orgs-hidden">{label}</span> : label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {data
              ? data.data.map((item) => (
                  <tr key={rowKey(item)} role="row" data-testid={rowTestId(item)}>
                    {columns.map((column) => (
                      <Cell key={column.label} column={column} item={item} />
                    ))}
                  </tr>
                ))
              : [0, 1, 2].map((n) => (
                  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: the row contains nothing focusable
                  <tr key={n} className="orgs-waiting" aria-hidden="true">
                    {columns.map(({ label }) => (
                      <td key={label}>
                        <span />
                      </td>
                    ))}
                  </tr>
                ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Cell<T>({ column: { label, kind, cell }, item }: { column: Column<T>; item: T }) {
  return kind === "heading" ? (
    <th scope="row" role="rowheader" data-label={label}>
      {cell(item)}
    </th>
  ) : (
    <td role="cell" data-label={label} data-kind={kind}>
      {cell(item)}
    </td>
  );
}

/** The buttons for the previous and the next page. Renders nothing for a single page. */
export function Pager<T>({ pages }: { pages: Pages<T> }) {
  const { texts: t } = useOrganizations();
  const hasNext = Boolean(pages.data?.next_cursor);
  if (!pages.hasPrevious && !hasNext) return null;
  return (
    <nav className="orgs-pager" aria-label={t.pager.label}>
      <Button
        testId="previous-page"
        isDisabled={!pages.hasPrevious}
        isBusy={pages.isLoading}
        onClick={pages.showPrevious}
      >
        {t.pager.previous}
      </Button>
      <Button
        testId="next-page"
        isDisabled={!hasNext}
        isBusy={pages.isLoading}
        onClick={pages.showNext}
      >
        {t.pager.next}
      </Button>
    </nav>
  );
}
