// The components that the pages share.

import { type ComponentChildren, cloneElement, type JSX, toChildArray, type VNode } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Action, Ask, Loaded, Problem } from "./api.ts";
import { useLoad } from "./api.ts";
import { config } from "./oidc.ts";
import { renew } from "./session.ts";
import { failure, t } from "./texts.ts";
import { isTemporary } from "./transport.ts";
import type { Checked, Page } from "./types.ts";

type Kind = "main" | "bad" | "plain" | "link";

interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => unknown;
  kind?: Kind;
  isBusy?: boolean;
  /** An access check. If it is denied, the button is disabled and shows the reason. */
  check?: Checked | undefined;
  isDisabled?: boolean;
  label?: string;
  submits?: boolean;
  /** Whether the button gets the focus when a dialog opens. */
  isFirst?: boolean;
  testId?: string | undefined;
}

export function Button({
  children,
  onClick,
  kind = "plain",
  isBusy = false,
  check,
  isDisabled = false,
  label,
  submits = false,
  isFirst = false,
  testId,
}: ButtonProps) {
  const id = useId();
  const [isDismissed, setIsDismissed] = useState(false);
  const why = check?.decision === "deny" ? reason(check) : null;
  // `aria-disabled` keeps the button focusable, so that the keyboard reaches the reason.
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the handlers react to events of the button inside
    <span
      class={isDismissed ? "guarded dismissed" : "guarded"}
      onKeyDown={(event) => event.key === "Escape" && setIsDismissed(true)}
      onMouseLeave={() => setIsDismissed(false)}
      onFocusOut={() => setIsDismissed(false)}
    >
      <button
        type={submits ? "submit" : "button"}
        class={kind}
        data-testid={testId}
        aria-label={label}
        autofocus={isFirst}
        disabled={isDisabled}
        aria-disabled={why || isBusy ? "true" : undefined}
        aria-busy={isBusy}
        aria-describedby={why ? id : undefined}
        onClick={(event) => {
          if (why || isBusy) return event.preventDefault();
          return onClick?.();
        }}
      >
        {children}
      </button>
      {why && (
        <span class="why" id={id} role="tooltip" data-testid={testId && `${testId}-reason`}>
          {why}
        </span>
      )}
    </span>
  );
}

const sentence = (text: string): string => {
  const plain = text.replaceAll("`", "");
  return plain.charAt(0).toUpperCase() + plain.slice(1) + (/[.!?]$/.test(plain) ? "" : ".");
};

/** The reason of a denial, as a sentence. */
export function reason({ code, detail, required_role, policies }: Checked): string {
  if (code === "missing_permission" && required_role) return t.denied.needs(required_role);
  const own = policies
    .filter((policy) => policy.startsWith("own."))
    .map((policy) => policy.slice(4));
  return (
    sentence(detail ?? t.denied.unknown) +
    (own.length > 0 ? ` ${t.denied.byOwn(own.join(", "))}` : "")
  );
}

function titleOf(status: number): string {
  switch (status) {
    case 401:
      return t.problem.signedOutTitle;
    case 403:
      return t.problem.deniedTitle;
    case 412:
      return t.problem.staleTitle;
    default:
      return sentence(failure(status).title);
  }
}

/** Shows an error and what to do next. `keeps`: loading the latest version keeps what was typed. */
export function ErrorNotice({
  problem,
  again,
  keeps = false,
}: {
  problem: Problem | null;
  again?: (() => unknown) | undefined;
  keeps?: boolean;
}) {
  if (!problem) return null;
  const isStale = problem.status === 412;
  const stale = keeps ? t.problem.staleKept : t.problem.stale;
  const guards = (problem.policies ?? []).join(", ");
  return (
    <div class="notice bad" role="alert" data-testid="error" data-status={problem.status}>
      <p>
        <strong>{titleOf(problem.status)}</strong> {isStale ? stale : sentence(problem.detail)}
      </p>
      {problem.errors && (
        <ul>
          {problem.errors.map((error) => (
            <li key={error.pointer + error.detail}>
              {error.pointer && error.pointer !== "/policies"
                ? `${t.problem.field(error.pointer.slice(1))}: `
                : ""}
              {sentence(error.detail)}
            </li>
          ))}
        </ul>
      )}
      {problem.status === 403 && problem.required_role && (
        <p>{t.denied.needs(problem.required_role)}</p>
      )}
      {guards && (
        <p class="quiet" data-testid="error-policies">
          {t.denied.decidedBy(guards)}
        </p>
      )}
      {problem.status === 401 ? (
        <Button kind="link" testId="error-sign-in" onClick={renew}>
          {t.session.again}
        </Button>
      ) : (
        again &&
        (isStale || isTemporary(problem.status)) && (
          <Button kind="link" testId={isStale ? "error-reload" : "error-retry"} onClick={again}>
            {isStale ? t.problem.reload : t.problem.again}
          </Button>
        )
      )}
    </div>
  );
}

export function Field({
  label,
  hint,
  error,
  testId,
  children,
}: {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  testId: string;
  children: (props: {
    id: string;
    "data-testid": string;
    "aria-describedby": string | undefined;
  }) => JSX.Element;
}) {
  const id = useId();
  const told = error ?? hint;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "data-testid": testId, "aria-describedby": told ? `${id}-hint` : undefined })}
      {told && (
        <p
          class={error ? "hint bad" : "hint"}
          id={`${id}-hint`}
          data-testid={`${testId}-${error ? "error" : "hint"}`}
        >
          {told}
        </p>
      )}
    </div>
  );
}

/** The API's error for one field. */
export const fieldError = (problem: Problem | null, pointer: string): string | undefined => {
  const error = problem?.errors?.find((one) => one.pointer === pointer);
  return error && sentence(error.detail);
};

interface DialogProps {
  title: string;
  children: ComponentChildren;
  onClose: () => void;
  /** The action of the dialog. Without one, the dialog has only a button that closes it. */
  action?: { label: string; kind: Kind; isBusy: boolean; run: () => unknown };
}

/** A modal dialog. Escape closes it. */
export function Dialog({ title, children, onClose, action }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // Return the focus to the element that opened the dialog.
    return () => before instanceof HTMLElement && before.isConnected && before.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      data-testid="dialog"
      aria-labelledby={id}
      onClose={onClose}
      onCancel={(event) => action?.isBusy && event.preventDefault()}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void action?.run();
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
        <div class="actions">
          {action && (
            <Button submits testId="dialog-confirm" kind={action.kind} isBusy={action.isBusy}>
              {action.label}
            </Button>
          )}
          <Button
            testId="dialog-cancel"
            isFirst={action?.kind === "bad"}
            isBusy={action?.isBusy ?? false}
            onClick={() => dialog.current?.close()}
          >
            {action ? t.cancel : t.close}
          </Button>
        </div>
      </form>
    </dialog>
  );
}

/** Asks for confirmation, then sends a request. */
export function Confirm({
  title,
  detail,
  label,
  request,
  action,
  onDone,
  onClose,
}: {
  title: string;
  detail: string;
  label: string;
  request: Ask;
  action: Action;
  onDone: () => void;
  onClose: () => void;
}) {
  const run = async () => {
    const answer = await action.run(request);
    if (answer?.ok) onDone();
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      action={{ label, kind: "bad", isBusy: action.isBusy, run }}
    >
      <p>{detail}</p>
      <ErrorNotice problem={action.problem} />
    </Dialog>
  );
}

/** The placeholder of an empty list. */
export function Empty({
  title,
  testId,
  children,
}: {
  title: string;
  testId: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="empty" data-testid={testId}>
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </div>
  );
}

/** A paginated list of the API. */
export interface Pages<T> extends Loaded<Page<T>> {
  hasPrevious: boolean;
  previous: () => void;
  next: () => void;
}

export function usePages<T>(
  base: string,
  query: Record<string, string | null | undefined>,
  path: (base: string, query: Record<string, string | null | undefined>) => string,
): Pages<T> {
  const first = path(base, query);
  const [position, setPosition] = useState<{ first: string; cursors: string[] }>({
    first,
    cursors: [],
  });
  // A different query starts at its first page.
  const cursors = position.first === first ? position.cursors : [];
  const loaded = useLoad<Page<T>>(path(base, { ...query, cursor: cursors.at(-1) }));
  useEffect(() => {
    // With a filter, a page can be empty although more pages follow. Skip it.
    const { data } = loaded;
    if (!loaded.isLoading && data?.data.length === 0 && data.next_cursor)
      setPosition({ first, cursors: [...cursors.slice(0, -1), data.next_cursor] });
  }, [loaded.data, loaded.isLoading]);
  const next = () =>
    loaded.data?.next_cursor &&
    setPosition({ first, cursors: [...cursors, loaded.data.next_cursor] });
  return {
    ...loaded,
    hasPrevious: cursors.length > 0,
    previous: () => setPosition({ first, cursors: cursors.slice(0, -1) }),
    next,
  };
}

export function Pager<T>({ pages }: { pages: Pages<T> }) {
  if (!pages.hasPrevious && !pages.data?.next_cursor) return null;
  return (
    <nav class="pager" aria-label={t.pager.label}>
      <Button
        testId="previous-page"
        isDisabled={!pages.hasPrevious || pages.isLoading}
        onClick={pages.previous}
      >
        {t.pager.previous}
      </Button>
      <Button
        testId="next-page"
        isDisabled={!pages.data?.next_cursor || pages.isLoading}
        onClick={pages.next}
      >
        {t.pager.next}
      </Button>
    </nav>
  );
}

/**
 * Adds to each cell of a row its role and its column's label. On narrow screens a row is shown as a card,
 * which would remove its roles.
 */
function labelled(row: JSX.Element, heads: string[]): VNode {
  const cells = toChildArray(row.props.children).filter(
    (cell): cell is VNode => typeof cell === "object",
  );
  return cloneElement(
    row,
    { role: "row" },
    ...cells.map((cell, at) =>
      cloneElement(cell, {
        role: cell.type === "th" ? "rowheader" : "cell",
        "data-label": heads[at],
      }),
    ),
  );
}

interface TableProps<T> {
  caption: string;
  testId: string;
  heads: string[];
  pages: Loaded<Page<T>>;
  row: (item: T) => JSX.Element;
  empty: JSX.Element | null;
  /** Whether it stays a table on narrow screens. Otherwise each row becomes a card there. */
  isSmall?: boolean;
}

/** A table that scrolls horizontally and shows placeholder rows while it loads. */
export function Table<T>({
  caption,
  testId,
  heads,
  pages,
  row,
  empty,
  isSmall = false,
}: TableProps<T>) {
  const { data, isLoading, problem, reload } = pages;
  if (problem && !data) return <ErrorNotice problem={problem} again={reload} />;
  if (data?.data.length === 0 && !data.next_cursor) return empty;
  return (
    <>
      <ErrorNotice problem={problem} again={reload} />
      {/* biome-ignore lint/a11y/useSemanticElements: a named region needs no section element */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it */}
      <div class="scroll" data-testid={testId} tabIndex={0} role="region" aria-label={caption}>
        <table role="table" class={isSmall ? "small" : "cards"} aria-busy={isLoading}>
          <caption class="hidden">{caption}</caption>
          <thead role="rowgroup">
            <tr role="row">
              {heads.map((head) => (
                <th key={head} scope="col" role="columnheader">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {data
              ? data.data.map((item) => labelled(row(item), heads))
              : [0, 1, 2].map((n) => (
                  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: the row contains nothing focusable
                  <tr key={n} class="waiting" aria-hidden="true">
                    {heads.map((head) => (
                      <td key={head}>
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

let tell: (text: string) => void = () => {};

/** Shows a short message, which screen readers announce. */
export const showToast = (text: string): void => tell(text);

export function Toast() {
  const [toast, setToast] = useState({ text: "", at: 0 });
  tell = (text) => setToast(({ at }) => ({ text, at: at + 1 }));
  useEffect(() => {
    const timer = setTimeout(() => setToast((before) => ({ ...before, text: "" })), 6_000);
    return () => clearTimeout(timer);
  }, [toast.at]);
  return (
    <div class="toast" data-testid="toast" role="status" aria-live="polite">
      {toast.text && <p key={toast.at}>{toast.text}</p>}
    </div>
  );
}

export const Chip = ({
  kind,
  testId,
  children,
}: {
  kind: "good" | "bad" | "warn" | "plain";
  testId?: string;
  children: ComponentChildren;
}) => (
  <span class={`chip ${kind}`} data-testid={testId}>
    {children}
  </span>
);

/** The heading of a page. It takes the focus, so that screen readers announce a new page. */
export function Heading({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    document.title = `${children} · ${config.product}`;
  }, [children]);
  return (
    <h1 ref={heading} data-testid="page-title" tabIndex={-1}>
      {children}
    </h1>
  );
}
