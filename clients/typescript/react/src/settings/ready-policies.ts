/** Ready-made policies. docs/guides/policies.md explains them. */
export const READY_POLICIES = [
  {
    id: "owners-invite",
    text: `@id("owners-invite") @reason("here, owners invite")
forbid (principal, action in [Orgs::Action::"invite_member", Orgs::Action::"invite_members", Orgs::Action::"resend_invitation"], resource)
unless { principal in Orgs::Role::"owner" };
`,
  },
  {
    id: "owners-remove",
    text: `@id("owners-remove") @reason("here, owners remove members")
forbid (principal, action == Orgs::Action::"remove_member", resource)
unless { principal in Orgs::Role::"owner" };
`,
  },
  {
    id: "office-hours",
    text: `@id("office-hours") @reason("changes are made in office hours")
forbid (principal, action, resource)
when { context has at && (context.at.hour < 7 || context.at.hour >= 19 || context.at.weekday > 5) }
unless { action in Orgs::Action::"reads" };
`,
  },
  {
    id: "no-agents",
    text: `@id("no-agents") @reason("agents are for administrators")
forbid (principal, action == Orgs::Action::"use_resource", resource)
when { resource.kind == Orgs::ResourceKind::"agent" }
unless { principal in Orgs::Role::"administrator" };
`,
  },
] as const;
