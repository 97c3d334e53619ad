//! The organization itself.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::billing::Billing;
use crate::id::{OrgId, UserId};
use crate::invitation::JoinError;
use crate::member::Member;
use crate::name::{Description, Metadata, OrgName};
use crate::person::Person;
use crate::role::Role;

/// An organization as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Org {
    /// Its id.
    pub id: OrgId,
    /// Its name; not unique, since a global name would tell outsiders what exists.
    pub name: OrgName,
    /// What it says of itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Description>,
    /// The deployer's own values.
    pub metadata: Metadata,
    /// Whether the platform's operator has suspended it.
    pub suspended: bool,
    /// When an owner deleted it, while it can be restored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<DateTime<Utc>>,
    /// Members who are owners: 0 only in a deleted organization whose last owner was forgotten.
    pub owner_count: u32,
    /// Members in all.
    pub member_count: u32,
    /// Members that the plan allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat_limit: Option<u32>,
    /// What owners decide.
    pub settings: Settings,
    /// Who pays, and where bills go.
    pub billing: Billing,
    /// Who may pay, as the platform's operator decides; absent in items that are older than the
    /// choice.
    #[serde(default)]
    pub billing_modes: BillingModes,
    /// Who created it.
    pub created_by: UserId,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When its own fields last changed.
    pub updated_at: DateTime<Utc>,
    /// 1 at creation, one more with each change of its own fields (not of its counts).
    pub version: u32,
}

/// What owners decide for an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OrgSettings)]
pub struct Settings {
    /// The least role that may create resources of the cost class `high`: `administrator` or
    /// `owner`.
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

/// A way to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", try_from = "String")]
pub enum BillingMode {
    /// An owner's account pays.
    Account,
    /// The organization pays for itself.
    Independent,
}

impl TryFrom<String> for BillingMode {
    type Error = &'static str;

    /// Serde itself would also read `{"account": null}`.
    fn try_from(word: String) -> Result<Self, Self::Error> {
        match word.as_str() {
            "account" => Ok(Self::Account),
            "independent" => Ok(Self::Independent),
            _ => Err("must be `account` or `independent`"),
        }
    }
}

/// The ways to pay that a plan allows: at least one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct BillingModes(BTreeSet<BillingMode>);

impl Default for BillingModes {
    fn default() -> Self {
        Self([BillingMode::Account, BillingMode::Independent].into())
    }
}

impl BillingModes {
    /// Whether the plan allows this way to pay.
    #[must_use]
    pub fn allow(&self, mode: BillingMode) -> bool {
        self.0.contains(&mode)
    }
}

impl<'de> Deserialize<'de> for BillingModes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let modes = BTreeSet::deserialize(deserializer)?;
        if modes.is_empty() {
            Err(serde::de::Error::custom("must name at least one way to pay"))
        } else {
            Ok(Self(modes))
        }
    }
}

/// What an organization's members see of its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OrgStatus)]
pub enum Status {
    /// In use.
    Active,
    /// Suspended by the platform's operator: readable, not writable.
    Suspended,
    /// Deleted by an owner, restorable for 30 days.
    Deleted,
}

impl Status {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Active, Self::Suspended, Self::Deleted];

    /// The status's name on the wire.
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
    /// Suspension and deletion are separate facts; deleted shows over suspended over active.
    #[must_use]
    pub fn status(&self) -> Status {
        match (self.deleted_at, self.suspended) {
            (Some(_), _) => Status::Deleted,
            (None, true) => Status::Suspended,
            (None, false) => Status::Active,
        }
    }

    /// That one more member has a seat.
    ///
    /// # Errors
    /// [`JoinError::SeatLimitReached`].
    pub fn ensure_seat(&self) -> Result<(), JoinError> {
        if self.seat_limit.is_some_and(|limit| self.member_count >= limit) {
            Err(JoinError::SeatLimitReached)
        } else {
            Ok(())
        }
    }

    /// The organization as a member with `role` sees it, or a program, which has none.
    #[must_use]
    pub fn view(&self, role: impl Into<Option<Role>>) -> OrgView {
        OrgView {
            id: self.id.to_string(),
            name: self.name.as_str().to_owned(),
            description: self.description.clone(),
            metadata: self.metadata.clone(),
            status: self.status(),
            role: role.into(),
            owner_count: self.owner_count,
            member_count: self.member_count,
            seat_limit: self.seat_limit,
            billing_modes: self.billing_modes.clone(),
            settings: self.settings.clone(),
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        }
    }
}

/// An organization on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Org)]
pub struct OrgView {
    /// `org_` and 32 hex digits.
    #[schema(example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub id: String,
    /// 1 to 64 characters.
    #[schema(example = "Acme")]
    pub name: String,
    /// At most 500 characters.
    #[schema(value_type = Option<String>, example = "Makers of everything")]
    pub description: Option<Description>,
    /// At most 20 values.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"crm": "42"}))]
    pub metadata: Metadata,
    /// Deleted shows over suspended over active.
    pub status: Status,
    /// The caller's own role; null for a program, which has none.
    pub role: Option<Role>,
    /// Owners: 0 only in a deleted organization whose last owner was forgotten.
    #[schema(example = 1)]
    pub owner_count: u32,
    /// Members, owners included.
    #[schema(example = 3)]
    pub member_count: u32,
    /// Members that the plan allows; null is no limit.
    #[schema(example = 10)]
    pub seat_limit: Option<u32>,
    /// The ways to pay that the plan allows.
    #[schema(value_type = Vec<BillingMode>, min_items = 1)]
    pub billing_modes: BillingModes,
    /// What owners decide.
    pub settings: Settings,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When its own fields last changed.
    pub updated_at: DateTime<Utc>,
    /// 1 at creation, one more with each change of its own fields.
    #[schema(example = 1)]
    pub version: u32,
}

/// The decision to create an organization.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct CreateOrg {
    org: Org,
    owner: Member,
}

impl CreateOrg {
    /// The new organization.
    #[must_use]
    pub fn org(&self) -> &Org {
        &self.org
    }

    /// Its creator, as its first member and owner.
    #[must_use]
    pub fn owner(&self) -> &Member {
        &self.owner
    }
}

/// Why nobody but a verified address owns an organization: invitations and notices go there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the caller's e-mail address is not verified")]
pub struct EmailNotVerifiedError;

/// Creates an organization whose only member, and owner, is its creator, who also pays for it at
/// first.
///
/// # Errors
/// [`EmailNotVerifiedError`] when the creator has no verified address.
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
