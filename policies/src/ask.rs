//! What is asked: who, what, and of which organization.

use orgs_domain::org::Status;
use orgs_domain::{EmailKey, OrgId, Person, Role, UserId};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrgFacts {
    /// Its id.
    pub id: OrgId,
    /// Its state.
    pub status: Status,
}

/// An action with the facts that its rules look at.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "variants are the functions; their fields are described by the schema")]
pub enum Ask<'a> {
    Health,
    GetMe,
    ForgetMe,
    ForgetUser,
    OptOut,
    ListOrgs,
    CreateOrg,
    PreviewInvitation,
    ListMyInvitations,
    DeclineInvitation { org: OrgFacts, role: Role, email: &'a EmailKey },
    AcceptInvitation { org: OrgFacts, role: Role, email: &'a EmailKey },
    GetOrg { org: OrgFacts },
    ListMembers { org: OrgFacts },
    GetMember { org: OrgFacts },
    ListInvitations { org: OrgFacts },
    ResendInvitation { org: OrgFacts, role: Role, email: &'a EmailKey },
    RevokeInvitation { org: OrgFacts, role: Role, email: &'a EmailKey },
    QueryUsage { org: OrgFacts },
    RecordUsage { org: OrgFacts },
    LeaveOrg { org: OrgFacts, member: &'a UserId, role: Role },
    InviteMember { org: OrgFacts, role: Role },
    InviteMembers { org: OrgFacts, role: Role },
    TransferOwnership { org: OrgFacts },
    AddMember { org: OrgFacts },
    AppointOwner { org: OrgFacts },
    ChangeRole { org: OrgFacts, member: &'a UserId, role: Role, to: Role },
    RemoveMember { org: OrgFacts, member: &'a UserId, role: Role },
}

impl Ask<'_> {
    /// The action's name: the function's, the route's, the audit record's.
    #[must_use]
    pub fn action(&self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::GetMe => "get_me",
            Self::ForgetMe => "forget_me",
            Self::ForgetUser => "forget_user",
            Self::OptOut => "opt_out",
            Self::ListOrgs => "list_orgs",
            Self::CreateOrg => "create_org",
            Self::PreviewInvitation => "preview_invitation",
            Self::ListMyInvitations => "list_my_invitations",
            Self::DeclineInvitation { .. } => "decline_invitation",
            Self::AcceptInvitation { .. } => "accept_invitation",
            Self::GetMember { .. } => "get_member",
            Self::ResendInvitation { .. } => "resend_invitation",
            Self::RevokeInvitation { .. } => "revoke_invitation",
            Self::GetOrg { .. } => "get_org",
            Self::ListMembers { .. } => "list_members",
            Self::ListInvitations { .. } => "list_invitations",
            Self::QueryUsage { .. } => "query_usage",
            Self::RecordUsage { .. } => "record_usage",
            Self::LeaveOrg { .. } => "leave_org",
            Self::InviteMember { .. } => "invite_member",
            Self::InviteMembers { .. } => "invite_members",
            Self::TransferOwnership { .. } => "transfer_ownership",
            Self::AddMember { .. } => "add_member",
            Self::AppointOwner { .. } => "appoint_owner",
            Self::ChangeRole { .. } => "change_role",
            Self::RemoveMember { .. } => "remove_member",
        }
    }

    /// The organization that is asked about.
    #[must_use]
    pub fn org(&self) -> Option<OrgFacts> {
        match self {
            Self::Health
            | Self::GetMe
            | Self::ForgetMe
            | Self::ForgetUser
            | Self::OptOut
            | Self::ListOrgs
            | Self::CreateOrg
            | Self::PreviewInvitation
            | Self::ListMyInvitations => None,
            Self::AcceptInvitation { org, .. }
            | Self::DeclineInvitation { org, .. }
            | Self::ResendInvitation { org, .. }
            | Self::RevokeInvitation { org, .. }
            | Self::GetMember { org }
            | Self::GetOrg { org }
            | Self::ListMembers { org }
            | Self::ListInvitations { org }
            | Self::QueryUsage { org }
            | Self::RecordUsage { org }
            | Self::LeaveOrg { org, .. }
            | Self::InviteMember { org, .. }
            | Self::InviteMembers { org, .. }
            | Self::TransferOwnership { org }
            | Self::AddMember { org }
            | Self::AppointOwner { org }
            | Self::ChangeRole { org, .. }
            | Self::RemoveMember { org, .. } => Some(*org),
        }
    }
}
