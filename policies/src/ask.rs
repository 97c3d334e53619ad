//! What is asked: who, what, and of which organization.

use chrono::{DateTime, Utc};
use orgs_domain::org::{Org, Status};
use orgs_domain::resource::{CostClass, ResourceKind};
use orgs_domain::{EmailKey, OrgId, Person, Role, UserId};

use crate::org_policies::OrgPolicySet;

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub enum Principal<'a> {
    /// A caller without an identity.
    Nobody,
    /// A signed-in person, with the role of the membership that the request is judged by.
    Person {
        /// The person.
        person: &'a Person,
        /// The person's role in the organization, when a member.
        role: Option<Role>,
    },
    /// A program.
    Service {
        /// The token's `sub`.
        id: &'a UserId,
        /// The token's scopes.
        scopes: &'a [String],
    },
}

/// What the policies know of an organization.
#[derive(Debug, Clone, Copy)]
pub struct OrgFacts<'a> {
    /// Its id.
    pub id: OrgId,
    /// Its state.
    pub status: Status,
    /// The least role that may create resources of the cost class `high`.
    pub high_cost_creators: Role,
    /// The organization's own policies, where it has some that the question is judged by.
    pub own: Option<&'a OrgPolicySet>,
    /// When the question is asked.
    pub at: DateTime<Utc>,
}

impl<'a> OrgFacts<'a> {
    /// What the policies know of `org` at the time `at`.
    #[must_use]
    pub fn of(org: &Org, own: Option<&'a OrgPolicySet>, at: DateTime<Utc>) -> Self {
        Self {
            id: org.id,
            status: org.status(),
            high_cost_creators: org.settings.high_cost_creators,
            own,
            at,
        }
    }
}

/// A closed set of actions with the names that they have everywhere.
macro_rules! actions {
    ($(#[$doc:meta])* $set:ident { $($action:ident => $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "variants are the functions")]
        pub enum $set { $($action,)* }

        impl $set {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$action,)*];

            /// The action's name.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$action => $name,)* }
            }

            /// The action with this name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|action| action.as_str() == name)
            }
        }
    };
}

actions! {
    /// What is about no organization, so that nothing but who asks counts.
    Alone {
        Health => "health",
        GetMe => "get_me",
        ForgetMe => "forget_me",
        ForgetUser => "forget_user",
        OptOut => "opt_out",
        ListOrgs => "list_orgs",
        CreateOrg => "create_org",
        PreviewInvitation => "preview_invitation",
        ListMyInvitations => "list_my_invitations",
        QueryAccountUsage => "query_account_usage",
    }
}

actions! {
    /// What is about an organization, so that nothing but who asks and the organization count.
    OfOrg {
        GetOrg => "get_org",
        DeleteOrg => "delete_org",
        RestoreOrg => "restore_org",
        SetPlan => "set_plan",
        TransferOwnership => "transfer_ownership",
        ListMembers => "list_members",
        GetMember => "get_member",
        AddMember => "add_member",
        AppointOwner => "appoint_owner",
        ListInvitations => "list_invitations",
        ListResources => "list_resources",
        GetResource => "get_resource",
        CheckAccess => "check_access",
        RecordUsage => "record_usage",
        VoidUsage => "void_usage",
        QueryUsage => "query_usage",
        GetBudget => "get_budget",
        SetBudget => "set_budget",
        GetBilling => "get_billing",
        ListAudit => "list_audit",
        GetPolicies => "get_policies",
        SetPolicies => "set_policies",
    }
}

/// What the policies know of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceFacts {
    /// Its kind.
    pub kind: ResourceKind,
    /// Its cost class.
    pub cost_class: CostClass,
}

/// An action with the facts that its rules look at.
#[derive(Debug, Clone, Copy)]
#[expect(
    missing_docs,
    reason = "variants are the functions; their fields are described by the schema"
)]
pub enum Ask<'a> {
    Alone(Alone),
    OfOrg(OfOrg, OrgFacts<'a>),
    UpdateOrg { org: OrgFacts<'a>, settings: bool },
    DeclineInvitation { org: OrgFacts<'a>, role: Role, email: &'a EmailKey },
    AcceptInvitation { org: OrgFacts<'a>, role: Role, email: &'a EmailKey },
    ResendInvitation { org: OrgFacts<'a>, role: Role },
    RevokeInvitation { org: OrgFacts<'a>, role: Role },
    InviteMember { org: OrgFacts<'a>, role: Role },
    InviteMembers { org: OrgFacts<'a>, role: Role },
    LeaveOrg { org: OrgFacts<'a>, member: &'a UserId, role: Role },
    ChangeRole { org: OrgFacts<'a>, member: &'a UserId, role: Role, to: Role },
    RemoveMember { org: OrgFacts<'a>, member: &'a UserId, role: Role },
    CreateResource { org: OrgFacts<'a>, resource: ResourceFacts },
    UpdateResource { org: OrgFacts<'a>, resource: ResourceFacts, to: CostClass },
    DeleteResource { org: OrgFacts<'a>, resource: ResourceFacts },
    UseResource { org: OrgFacts<'a>, resource: ResourceFacts, over_budget: bool },
    SetBilling { org: OrgFacts<'a>, in_plan: bool },
}

impl<'a> Ask<'a> {
    /// The action's name: the function's, the route's, the audit record's.
    #[must_use]
    pub fn action(&self) -> &'static str {
        match self {
            Self::Alone(action) => action.as_str(),
            Self::OfOrg(action, _) => action.as_str(),
            Self::UpdateOrg { .. } => "update_org",
            Self::DeclineInvitation { .. } => "decline_invitation",
            Self::AcceptInvitation { .. } => "accept_invitation",
            Self::ResendInvitation { .. } => "resend_invitation",
            Self::RevokeInvitation { .. } => "revoke_invitation",
            Self::InviteMember { .. } => "invite_member",
            Self::InviteMembers { .. } => "invite_members",
            Self::LeaveOrg { .. } => "leave_org",
            Self::ChangeRole { .. } => "change_role",
            Self::RemoveMember { .. } => "remove_member",
            Self::CreateResource { .. } => "create_resource",
            Self::UpdateResource { .. } => "update_resource",
            Self::DeleteResource { .. } => "delete_resource",
            Self::UseResource { .. } => "use_resource",
            Self::SetBilling { .. } => "set_billing",
        }
    }

    /// The organization that is asked about.
    #[must_use]
    pub fn org(&self) -> Option<OrgFacts<'a>> {
        match self {
            Self::Alone(_) => None,
            Self::OfOrg(_, org)
            | Self::UpdateOrg { org, .. }
            | Self::DeclineInvitation { org, .. }
            | Self::AcceptInvitation { org, .. }
            | Self::ResendInvitation { org, .. }
            | Self::RevokeInvitation { org, .. }
            | Self::InviteMember { org, .. }
            | Self::InviteMembers { org, .. }
            | Self::LeaveOrg { org, .. }
            | Self::ChangeRole { org, .. }
            | Self::RemoveMember { org, .. }
            | Self::CreateResource { org, .. }
            | Self::UpdateResource { org, .. }
            | Self::DeleteResource { org, .. }
            | Self::UseResource { org, .. }
            | Self::SetBilling { org, .. } => Some(*org),
        }
    }
}
