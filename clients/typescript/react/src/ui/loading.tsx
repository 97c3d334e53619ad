import { type ReactNode, useState } from "react";
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

/** What a form of `FormFor` gets. */
export interface FormProps<T> {
  /** The version that the form is based on. */
  base: T;
  /** Makes the saved version the base, and keeps the form as it is. */
  onSaved: (saved: T) => void;
  /** Discards what was typed, and starts again with the latest version. */
  onLoadLatest: () => void;
}

/**
 * Shows a form for data that other people can change too. It starts again with a newer version if nothing was
 * typed. Otherwise it keeps what was typed: saving then fails with a conflict, and the person decides.
 */
export function FormFor<T extends { version: number }>({
  loaded,
  children,
}: {
  loaded: Loaded<T>;
  children: (props: FormProps<T>) => ReactNode;
}) {
  const [form, setForm] = useState<{ base: T; isTouched: boolean; starts: number } | null>(null);
  const { data } = loaded;
  if (data && (!form || (!form.isTouched && data.version > form.base.version)))
    setForm({ base: data, isTouched: false, starts: (form?.starts ?? 0) + 1 });
  return (
    <WhenLoaded loaded={loaded}>
      {() =>
        form && (
          <div key={form.starts} onInput={() => setForm({ ...form, isTouched: true })}>
            {children({
              base: form.base,
              onSaved: (base) => setForm({ ...form, base, isTouched: false }),
              onLoadLatest: () => {
                setForm({ ...form, isTouched: false });
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
  return children(data);
}
