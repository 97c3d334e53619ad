//! The billing of an organization: which account pays for its usage. A person who pays is always an
//! owner; if no owner pays, the organization pays for itself.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::AccountId;
use crate::email::EmailAddress;
use crate::id::{OrgId, UserId};

/// The billing mode: which account pays for the usage of an organization.
///
/// - `account`: the account of the owner who set this mode.
/// - `independent`: the organization's own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", try_from = "String")]
pub enum BillingMode {
    /// The account of an owner pays.
    Account,
    /// The organization's own account pays.
    Independent,
}

impl TryFrom<String> for BillingMode {
    type Error = &'static str;

    /// Replaces serde's own parsing of enums, which would also accept `{"account": null}`.
    fn try_from(word: String) -> Result<Self, Self::Error> {
        match word.as_str() {
            "account" => Ok(Self::Account),
            "independent" => Ok(Self::Independent),
            _ => Err("must be `account` or `independent`"),
        }
    }
}

/// The billing modes that a plan allows: at least one. The default is all modes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct BillingModes(BTreeSet<BillingMode>);

impl Default for BillingModes {
    fn default() -> Self {
        Self([BillingMode::Account, BillingMode::Independent].into())
    }
}

impl BillingModes {
    /// Returns true if the plan allows this billing mode.
    #[must_use]
    pub fn allow(&self, mode: BillingMode) -> bool {
        self.0.contains(&mode)
    }
}

impl<'de> Deserialize<'de> for BillingModes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let modes = BTreeSet::deserialize(deserializer)?;
        if modes.is_empty() {
            Err(serde::de::Error::custom("must have at least one billing mode"))
        } else {
            Ok(Self(modes))
        }
    }
}

/// The payer and the address for bills. This is a part of the organization's item and has its own
/// version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Billing {
    /// The account that pays.
    #[serde(flatten)]
    pub paid_by: PaidBy,
    /// The address for bills. Items that were written before this field existed have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// The time of the last change. `None` means that the billing has not changed since the
    /// organization was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<DateTime<Utc>>,
    /// The version: 1 when the organization is created, increased by 1 with each change of billing.
    #[serde(default = "first")]
    pub version: u32,
}

fn first() -> u32 {
    1
}

/// The account that pays for an organization's usage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum PaidBy {
    /// The account of an owner pays.
    Account {
        /// The user id of the owner who pays.
        payer: UserId,
    },
    /// The organization's own account pays.
    Independent,
}

impl PaidBy {
    /// Returns the payer for a billing mode that the owner `by` sets.
    #[must_use]
    pub fn new(mode: BillingMode, by: &UserId) -> Self {
        match mode {
            BillingMode::Account => Self::Account { payer: by.clone() },
            BillingMode::Independent => Self::Independent,
        }
    }

    /// Returns the billing mode.
    #[must_use]
    pub fn mode(&self) -> BillingMode {
        match self {
            Self::Account { .. } => BillingMode::Account,
            Self::Independent => BillingMode::Independent,
        }
    }
}

impl Billing {
    /// Returns the billing of a new organization: its creator pays and receives the bills.
    #[must_use]
    pub fn of_creator(creator: UserId, email: EmailAddress, now: DateTime<Utc>) -> Self {
        Self {
            paid_by: PaidBy::Account { payer: creator },
            email: Some(email),
            updated_at: Some(now),
            version: 1,
        }
    }

    /// Returns true if this user's account pays.
    #[must_use]
    pub fn is_paid_by(&self, user: &UserId) -> bool {
        matches!(&self.paid_by, PaidBy::Account { payer } if payer == user)
    }

    /// Returns the account that pays for the organization `org` with this billing.
    #[must_use]
    pub fn account(&self, org: &OrgId) -> AccountId {
        match &self.paid_by {
            PaidBy::Account { payer } => AccountId::of_user(payer),
            PaidBy::Independent => AccountId::of_org(org),
        }
    }

    /// Returns the billing with another payer, a new time of change and the next version.
    #[must_use]
    pub fn moved(&self, paid_by: PaidBy, now: DateTime<Utc>) -> Self {
        Self {
            paid_by,
            email: self.email.clone(),
            updated_at: Some(now),
            version: self.version + 1,
        }
    }
}
