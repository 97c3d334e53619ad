import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import { Product, Support } from "../page.tsx";
import { config } from "../session/oidc.ts";
import { useTexts } from "../texts/context.ts";
import type { Flow, Preview, View } from "./flow.ts";

/** The header and the current view. */
export function InvitationPage({ flow }: { flow: Flow }) {
  useSyncExternalStore(flow.subscribe, flow.changes);
  return (
    <>
      <header className="product">
        <Product />
      </header>
      <Shown flow={flow} view={flow.view} />
    </>
  );
}

function Shown({ flow, view }: { flow: Flow; view: View }) {
  const { invitation: t } = useTexts();
  const who = flow.email ?? t.noAddress;
  switch (view.name) {
    case "loading":
      return <main aria-busy="true" />;
    case "no-link":
      return (
        <Screen flow={flow} name="no-link" title={t.noLink.title} detail={t.noLink.detail}>
          <Onward />
        </Screen>
      );
    case "unknown":
      return (
        <Screen flow={flow} name="unknown" title={t.deadLink.title} detail={t.deadLink.detail} />
      );
    case "away":
      return (
        <Screen flow={flow} name="away" title={view.title} detail={view.detail}>
          <Action flow={flow} testId="try-again" isMain run={view.retry}>
            {t.tryAgain}
          </Action>
        </Screen>
      );
    case "not-signed-in": {
      const { title, detail } = t.notSignedIn;
      return (
        <Screen flow={flow} name="not-signed-in" title={title} detail={detail}>
          <SignIn flow={flow} link={view.link} />
        </Screen>
      );
    }
    case "offer":
    case "no-issuer":
    case "answer":
      return <Offer flow={flow} {...view} />;
    case "decline": {
      const { title, detail } = t.confirmDecline;
      const { link, preview } = view;
      return (
        <Screen
          flow={flow}
          name="decline"
          title={title(preview.org.name)}
          detail={detail(preview.inviter.name)}
        >
          <Action
            flow={flow}
            testId="confirm-decline"
            isMain
            run={() => flow.decline(link, preview)}
          >
            {t.decline}
          </Action>
          <Action flow={flow} testId="back" run={async () => flow.showAnswer(link, preview)}>
            {t.back}
          </Action>
        </Screen>
      );
    }
    case "over": {
      const { title, detail } = t.over[view.status] ?? t.invalid;
      return (
        <Screen flow={flow} name={view.status} title={title} detail={detail(view.inviter)}>
          {view.status === "accepted" && <Onward />}
        </Screen>
      );
    }
    case "accepted-now":
      return (
        <Screen
          flow={flow}
          name="accepted-now"
          title={t.accepted.title(view.org.name)}
          detail={t.accepted.detail(view.role)}
        >
          <Onward orgId={view.org.id} />
        </Screen>
      );
    case "declined-now":
      return (
        <Screen
          flow={flow}
          name="declined-now"
          title={t.declined.title}
          detail={t.declined.detail(view.preview.org.name)}
        />
      );
    case "wrong-address":
      return (
        <Screen
          flow={flow}
          name="wrong-address"
          title={t.wrongAddress.title}
          detail={t.wrongAddress.detail(view.preview.email, who)}
        >
          <Action
            flow={flow}
            testId="another-account"
            isMain
            run={() => flow.signIn(view.link, true)}
          >
            {t.otherAccount}
          </Action>
        </Screen>
      );
    case "unverified":
      return (
        <Screen
          flow={flow}
          name="unverified"
          title={t.unverified.title}
          detail={t.unverified.detail(who)}
        >
          <Action
            flow={flow}
            testId="sign-in-again"
            isMain
            run={() => flow.signIn(view.link, true)}
          >
            {t.signInAgain}
          </Action>
        </Screen>
      );
    case "already-member":
      return (
        <Screen
          flow={flow}
          name="already-member"
          title={t.alreadyMember.title(view.preview.org.name)}
          detail={t.alreadyMember.detail}
        >
          <Onward />
        </Screen>
      );
    case "no-seat":
      return (
        <Screen
          flow={flow}
          name="no-seat"
          title={t.noSeat.title}
          detail={t.noSeat.detail(view.preview.org.name, view.preview.inviter.name)}
        >
          <Action flow={flow} testId="try-again" isMain run={view.retry}>
            {t.tryAgain}
          </Action>
        </Screen>
      );
    case "not-active":
      return (
        <Screen
          flow={flow}
          name="not-active"
          title={t.notActive.title(view.preview.org.name)}
          detail={t.notActive.detail(view.preview.inviter.name)}
        />
      );
    case "opt-out":
      return (
        <Screen flow={flow} name="opt-out" title={t.optOut.title} detail={t.optOut.detail}>
          <Action flow={flow} testId="stop-invitations" isMain run={() => flow.optOut(view.link)}>
            {t.optOut.action}
          </Action>
        </Screen>
      );
    case "opted-out":
      return (
        <Screen
          flow={flow}
          name="opted-out"
          title={t.optedOut.title}
          detail={t.optedOut.detail(view.email)}
        />
      );
  }
}

/** A heading, which takes the focus, a text and the actions. */
function Screen({
  flow,
  name,
  title,
  detail,
  before,
  after,
  children,
}: {
  flow: Flow;
  name: string;
  title: string;
  detail?: string | undefined;
  before?: ReactNode;
  after?: ReactNode;
  children?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${config.product}`;
    heading.current?.focus();
  }, [name, title]);
  return (
    <main data-state={name} aria-busy={flow.isBusy || undefined}>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {before}
      {detail && <p>{detail}</p>}
      {children && <div className="actions">{children}</div>}
      {after}
      {config.support && (
        <p className="quiet">
          <Support />
        </p>
      )}
    </main>
  );
}

/** A button that disables all buttons while its work runs. */
const Action = ({
  flow,
  testId,
  isMain = false,
  isLink = false,
  run,
  children,
}: {
  flow: Flow;
  testId: string;
  isMain?: boolean;
  isLink?: boolean;
  run: () => Promise<void>;
  children: string;
}) => (
  <button
    type="button"
    className={isMain ? "main" : isLink ? "link" : ""}
    data-testid={testId}
    disabled={flow.isBusy}
    onClick={() => void flow.run(run)}
  >
    {children}
  </button>
);

const SignIn = ({ flow, link }: { flow: Flow; link: string }) => {
  const { invitation: t } = useTexts();
  return (
    <Action flow={flow} testId="sign-in" isMain run={() => flow.signIn(link)}>
      {t.signIn}
    </Action>
  );
};

/** A link to the product, or to the console if the product has no URL. */
function Onward({ orgId }: { orgId?: string }) {
  const { invitation: t } = useTexts();
  if (!config.app && !config.issuer) return null;
  const url = new URL(config.app ?? "/", location.origin);
  if (orgId && config.app) url.searchParams.set("org_id", orgId);
  else if (orgId) url.hash = `#/orgs/${orgId}/members`;
  return (
    <a className="button main" href={url.href} data-testid="continue">
      {t.continue(config.product)}
    </a>
  );
}

/** An invitation with what the person can do: sign in, or accept and decline. */
function Offer({
  flow,
  name,
  link,
  preview,
}: {
  flow: Flow;
  name: "offer" | "no-issuer" | "answer";
  link: string;
  preview: Preview;
}) {
  const { invitation: t, components } = useTexts();
  const details = {
    offer: t.offer.signIn,
    "no-issuer": t.offer.noIssuer(config.product),
    answer: undefined,
  };
  const { language } = components;
  const locale = navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
  const until = new Intl.DateTimeFormat(locale, {
    dateStyle: "long",
    timeStyle: "short",
  }).format(new Date(preview.expires_at));
  const facts = [
    [t.offer.inviter, preview.inviter.name],
    [t.offer.role, t.offer.roles[preview.role] ?? preview.role],
    [t.offer.email, preview.email],
    [t.offer.until, until],
  ];
  return (
    <Screen
      flow={flow}
      name={name}
      title={t.offer.title(preview.org.name)}
      detail={details[name]}
      before={
        <dl>
          {facts.flatMap(([label, value]) => [
            <dt key={`${label} label`}>{label}</dt>,
            <dd key={label}>{value}</dd>,
          ])}
        </dl>
      }
      after={
        name === "answer" && (
          <p className="quiet">
            {t.offer.signedInAs(flow.email ?? t.noAddress)}{" "}
            <Action flow={flow} testId="another-account" isLink run={() => flow.signIn(link, true)}>
              {t.otherAccount}
            </Action>
          </p>
        )
      }
    >
      {name === "offer" && <SignIn flow={flow} link={link} />}
      {name === "no-issuer" && <Onward />}
      {name === "answer" && (
        <>
          <Action flow={flow} testId="accept" isMain run={() => flow.accept(link, preview)}>
            {t.accept}
          </Action>
          <Action flow={flow} testId="decline" run={async () => flow.askToDecline(link, preview)}>
            {t.decline}
          </Action>
        </>
      )}
    </Screen>
  );
}
