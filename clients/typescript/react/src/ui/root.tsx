import { Component, type ReactNode } from "react";
import { useInternals } from "../provider.tsx";

/**
 * The outermost element of a component. Another client or organization starts the component again.
 * An error inside is shown here, and the rest of the page stays.
 */
export function Root({ orgId = "", children }: { orgId?: string; children: ReactNode }) {
  const { texts: t, store } = useInternals();
  const failed = t.failures[500] ?? t.failure(500);
  return (
    <div className="orgs" key={`${store.id} ${orgId}`}>
      <Boundary
        fallback={
          <div className="orgs-notice" data-kind="danger" role="alert" data-testid="crashed">
            <p>
              <strong>{failed.title}.</strong> {failed.detail}
            </p>
          </div>
        }
      >
        {children}
      </Boundary>
    </div>
  );
}

class Boundary extends Component<{ fallback: ReactNode; children: ReactNode }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override componentDidCatch(error: unknown): void {
    // The page's own monitoring sees the error.
    reportError(error);
  }

  override render(): ReactNode {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}
