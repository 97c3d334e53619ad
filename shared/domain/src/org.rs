//! The organization, its settings and its status.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::billing::{Billing, BillingModes};
use crate::id::{OrgId, UserId};
use crate::member::{JoinError, Member};
use crate::name::{Description, Metadata, OrgName};
use crate::person::Person;
use crate::role::Role;

/// An organization as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Org {
    /// The id of the organization.
    pub id: OrgId,
    /// The name. It is not unique, because a check of uniqueness would tell outsiders which
    /// organizations exist.
    pub name: OrgName,
    /// A description, if the organization has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// Values of the deployer's application, which the service only stores.
    pub metadata: Metadata,
    /// True if the operator has suspended the organization.
    pub suspended: bool,
    /// The time at which an owner deleted the organization; `None` if it is not deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<DateTime<Utc>>,
    /// The number of owners. It is 0 only in a deleted organization whose last owner's memberships
    /// were all ended.
    pub owner_count: u32,
    /// The number of members, owners included.
    pub member_count: u32,
    /// The largest number of members that the plan allows; `None` means no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat_limit: Option<u32>,
    /// The settings, which only owners can change.
    pub settings: Settings,
    /// The payer and the address for bills.
    pub billing: Billing,
    /// The billing modes that the plan allows. Items that were written before this field existed
    /// have the default: all modes.
    #[serde(default)]
    pub billing_modes: BillingModes,
    /// The user id of the creator.
    pub created_by: UserId,
    /// The time of creation.
    pub created_at: DateTime<Utc>,
    /// The time of the last change of the organization's own fields.
    pub updated_at: DateTime<Utc>,
    /// The version: 1 at creation, increased by 1 with each change of the organization's own
    /// fields. Changes of the counts and of billing do not increase it.
    pub version: u32,
}

/// The settings of an organization, which only owners can change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrgSettings)]
pub struct Settings {
    /// The lowest role that may create a resource of the cost class `high`, or raise one to it:
    /// `administrator` or `owner`. The default is `administrator`.
    #[serde(deserialize_with = "creators")]
    pub high_cost_creators: Role,
}

fn creators<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Role, D::Error> {
    let role = Role::deserialize(deserializer)?;
    if role == Role::Viewer {
        Err(serde::de::Error::custom("must be `administrator` or `owner`"))
    } else {
        Ok(role)
    }
}

/// The status of an organization.
///
/// - `active`: in use.
/// - `suspended`: suspended by the operator. Members can read it and remove access.
/// - `deleted`: deleted by an owner. Members can read it and remove access, and an owner can
///   restore it for 30 days. A deleted organization is `deleted` even if it is also suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrgStatus)]
pub enum Status {
    /// The organization is in use.
    Active,
    /// The operator suspended the organization. Members can read it and remove access.
    Suspended,
    /// An owner deleted the organization. An owner can restore it for 30 days.
    Deleted,
}

impl Status {
    /// All statuses.
    pub const ALL: [Self; 3] = [Self::Active, Self::Suspended, Self::Deleted];

    /// Returns the status's name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deleted => "deleted",
        }
    }
}

impl Org {
    /// Returns the status. Suspension and deletion are independent: an organization that is both
    /// suspended and deleted has the status `deleted`.
    #[must_use]
    pub fn status(&self) -> Status {
        match (self.deleted_at, self.suspended) {
            (Some(_), _) => Status::Deleted,
            (None, true) => Status::Suspended,
            (None, false) => Status::Active,
        }
    }

    /// Checks that the seat limit allows one more member.
    ///
    /// # Errors
    /// Returns [`JoinError::SeatLimitReached`] if the organization has no free seat.
    pub fn ensure_seat(&self) -> Result<(), JoinError> {
        if self.seat_limit.is_some_and(|limit| self.member_count >= limit) {
            Err(JoinError::SeatLimitReached)
        } else {
            Ok(())
        }
    }
}

/// The decision to create an organization.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct CreateOrg {
    org: Org,
    owner: Member,
}

impl CreateOrg {
    /// Returns the new organization.
    #[must_use]
    pub fn org(&self) -> &Org {
        &self.org
    }

    /// Returns the creator as the first member and owner.
    #[must_use]
    pub fn owner(&self) -> &Member {
        &self.owner
    }
}

/// The error that the creator of an organization has no verified e-mail address. Owners need one,
/// because they receive mails about billing and the budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the caller's e-mail address is not verified; verify it at the identity provider")]
pub struct EmailNotVerifiedError;

/// Creates an organization. The creator becomes its only member and owner, and the payer.
///
/// # Errors
/// Returns [`EmailNotVerifiedError`] if the creator has no verified address.
pub fn create(
    id: OrgId,
    name: OrgName,
    description: Option<Description>,
    metadata: Metadata,
    creator: &Person,
    now: DateTime<Utc>,
) -> Result<CreateOrg, EmailNotVerifiedError> {
    let email = creator.verified_email().ok_or(EmailNotVerifiedError)?;
    let owner = Member {
        org_id: id,
        user_id: creator.user_id.clone(),
        name: creator.name.clone(),
        email: email.clone(),
        role: Role::Owner,
        joined_at: now,
        invited_by: None,
        invitation_id: None,
        version: 1,
    };
    let org = Org {
        id,
        name,
        description,
        metadata,
        suspended: false,
        deleted_at: None,
        owner_count: 1,
        member_count: 1,
        seat_limit: None,
        settings: Settings { high_cost_creators: Role::Administrator },
        billing: Billing::of_creator(creator.user_id.clone(), email.clone(), now),
        billing_modes: BillingModes::default(),
        created_by: creator.user_id.clone(),
        created_at: now,
        updated_at: now,
        version: 1,
    };
    Ok(CreateOrg { org, owner })
}
