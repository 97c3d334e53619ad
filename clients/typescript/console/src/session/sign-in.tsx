import { useState } from "react";
import { Card, PageHeading } from "../page.tsx";
import { useTexts } from "../texts/context.ts";
import { begin, config } from "./oidc.ts";
import { AGAIN, ANOTHER, PATH } from "./session.ts";

/** The page of a person who is not signed in. */
export function SignIn({ hasFailed }: { hasFailed: boolean }) {
  const { session: t } = useTexts();
  const [isAway, setIsAway] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const signIn = async () => {
    setIsBusy(true);
    setIsAway(false);
    // If the issuer responds, the browser leaves this page.
    const isAnother = location.hash === ANOTHER;
    await begin(PATH, isAnother ? AGAIN : location.hash, isAnother).catch(() => {
      setIsAway(true);
      setIsBusy(false);
    });
  };
  return (
    <Card>
      <PageHeading>{config.product}</PageHeading>
      <p>{config.issuer ? t.intro : t.noIssuer}</p>
      {hasFailed && (
        <div className="orgs-notice" data-kind="danger" role="alert" data-testid="sign-in-failed">
          <p>{t.failed}</p>
        </div>
      )}
      {isAway && (
        <div className="orgs-notice" data-kind="danger" role="alert" data-testid="issuer-away">
          <p>{t.issuerAway}</p>
        </div>
      )}
      {config.issuer && (
        <div className="orgs-actions">
          <button
            type="button"
            className="orgs-button"
            data-kind="primary"
            data-testid="sign-in"
            aria-busy={isBusy}
            disabled={isBusy}
            onClick={signIn}
          >
            {t.in}
          </button>
        </div>
      )}
    </Card>
  );
}
