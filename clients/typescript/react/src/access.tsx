import type { AccessCheck, AccessCheckResult } from "@organizations/client";
import type { ReactNode } from "react";
import { reason } from "./failure.ts";
import { useOrganizations } from "./provider.tsx";
import { useAccess } from "./queries.ts";

export interface CanProps extends AccessCheck {
  orgId: string;
  /**
   * Shown if the action is allowed. A function gets the result, and is also called for a denial.
   */
  children: ReactNode | ((result: AccessCheckResult & { reason: string | null }) => ReactNode);
  /** Shown if the action is denied. */
  fallback?: ReactNode | ((reason: string) => ReactNode);
}

/**
 * Shows its children if the signed-in person is allowed to do an action. A function gets the reason
 * of a denial, such as "This requires the administrator role." Nothing is shown until the result is
 * there.
 */
export function Can({ orgId, children, fallback = null, ...check }: CanProps) {
  const { texts } = useOrganizations();
  const result = useAccess(orgId, check);
  if (!result) return null;
  const why = result.decision === "deny" ? reason(result, texts) : null;
  if (typeof children === "function") return children({ ...result, reason: why });
  if (why === null) return children;
  return typeof fallback === "function" ? fallback(why) : fallback;
}

/** The reason of a denied access check as a sentence, or null if the action is allowed. */
export function useReason(result: AccessCheckResult | undefined): string | null {
  const { texts } = useOrganizations();
  return result?.decision === "deny" ? reason(result, texts) : null;
}
