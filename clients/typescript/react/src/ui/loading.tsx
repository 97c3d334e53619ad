import { Fragment, type ReactNode, useState } from "react";
import { isTemporary } from "../failure.ts";
import { useOrganizations } from "../provider.tsx";
import { type Loaded, useOrganization } from "../queries.ts";
import type { Org } from "../types.ts";
import { ErrorNotice, Notice } from "./notice.tsx";

/** A line that says that something loads. */
export function Loading() {
  const { texts: t } = useOrganizations();
  return (
    <p className="orgs-quiet" aria-busy="true">
      {t.loading}
    </p>
  );
}

/** Shows its children when the data is there, or the error. */
export function WhenLoaded<T>({
  loaded,
  children,
}: {
  loaded: Loaded<T>;
  children: (data: T) => ReactNode;
}) {
  const { data, failure, reload } = loaded;
  return (
    <>
      <ErrorNotice failure={failure} onRetry={reload} />
      {data !== undefined ? children(data) : failure ? null : <Loading />}
    </>
  );
}

/** The props of a form in `FormFor`. */
export interface FormProps<T> {
  /** The version that the form is based on. */
  base: T;
  /** Makes the saved version the base, and keeps the form as it is. */
  onSaved: (saved: T) => void;
  /** Discards what was typed, and starts again with the latest version. */
  onLoadLatest: () => void;
}

/**
 * Shows a form for data that other people can change too. It starts again with a newer version if
 * nothing was typed. Otherwise it keeps what was typed: saving then fails with a conflict, and the
 * person decides.
 */
export function FormFor<T extends { version: number }>({
  loaded,
  children,
}: {
  loaded: Loaded<T>;
  children: (props: FormProps<T>) => ReactNode;
}) {
  /** `changes` counts what was typed since `base`. */
  const [form, setForm] = useState<{ base: T; changes: number; starts: number } | null>(null);
  const update = (next: (last: NonNullable<typeof form>) => NonNullable<typeof form>) =>
    setForm((last) => last && next(last));
  const { data } = loaded;
  if (data && (!form || (form.changes === 0 && data.version > form.base.version)))
    setForm({ base: data, changes: 0, starts: (form?.starts ?? 0) + 1 });
  return (
    <WhenLoaded loaded={loaded}>
      {() =>
        form && (
          <div
            key={form.starts}
            onInput={() => update((last) => ({ ...last, changes: last.changes + 1 }))}
          >
            {children({
              base: form.base,
              // Input since the save began is not saved yet.
              onSaved: (base) =>
                update((last) => ({ ...last, base, changes: last.changes - form.changes })),
              onLoadLatest: () => {
                update((last) => ({ ...last, changes: 0 }));
                loaded.reload();
              },
            })}
          </div>
        )
      }
    </WhenLoaded>
  );
}

/** Loads an organization and shows its children, or says that it does not exist. */
export function WithOrganization({
  orgId,
  children,
}: {
  orgId: string;
  children: (org: Org) => ReactNode;
}) {
  const { texts: t } = useOrganizations();
  const { data, failure, reload } = useOrganization(orgId);
  if (failure?.code === "org_not_found")
    return (
      <Notice testId="org-unknown" kind="warning">
        <p>
          <strong>{t.org.unknown}</strong> {t.org.unknownDetail}
        </p>
      </Notice>
    );
  if (!data)
    return failure ? (
      <ErrorNotice failure={failure} onRetry={isTemporary(failure.status) ? reload : undefined} />
    ) : (
      <Loading />
    );
  // Nothing of one organization, such as what was typed, stays when another one is shown.
  return <Fragment key={orgId}>{children(data)}</Fragment>;
}
