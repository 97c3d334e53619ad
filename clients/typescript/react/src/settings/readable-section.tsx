import type { AccessCheck } from "@organizations/client";
import type { ReactNode } from "react";
import { useAccess, useAccessCheck } from "../queries.ts";
import { WhenLoaded } from "../ui/loading.tsx";
import { Section } from "../ui/section.tsx";

interface ReadableSectionProps {
  orgId: string;
  title: string;
  testId: string;
  /** The check that decides whether the person sees the settings. */
  read: AccessCheck;
  /** The check that decides whether the person can change them. */
  write: AccessCheck;
  children: ReactNode;
}

/** A section of settings that not every member can read. It says why it is empty or read-only. */
export function ReadableSection({
  orgId,
  title,
  testId,
  read,
  write,
  children,
}: ReadableSectionProps) {
  const mayRead = useAccessCheck(orgId, read);
  const mayWrite = useAccess(orgId, write);
  const isReadable = mayRead.data?.decision === "allow";
  return (
    <Section title={title} testId={testId} access={isReadable ? mayWrite : mayRead.data}>
      <WhenLoaded loaded={mayRead}>{() => isReadable && children}</WhenLoaded>
    </Section>
  );
}
