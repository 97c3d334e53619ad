import { type ReactNode, useEffect, useRef } from "react";
import { config } from "./session/oidc.ts";
import { useTexts } from "./texts/context.ts";

/** The heading of a page. It takes the focus, so that screen readers announce a new page. */
export function PageHeading({ children }: { children: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    document.title = children === config.product ? children : `${children} · ${config.product}`;
  }, [children]);
  return (
    <h1 ref={heading} data-testid="page-title" tabIndex={-1}>
      {children}
    </h1>
  );
}

/** A page that is a single card. */
export const Card = ({ children }: { children: ReactNode }) => (
  <main className="narrow orgs">
    <div className="orgs-card">{children}</div>
  </main>
);

/** The product's logo or name. */
export const Product = () =>
  config.logo ? <img src={config.logo} alt={config.product} height={28} /> : config.product;

/** The link to the support, if there is one. */
export function Support() {
  const { questions } = useTexts();
  if (!config.support) return null;
  return (
    <>
      {questions} <a href={config.support}>{config.support.replace(/^mailto:/, "")}</a>
    </>
  );
}
