//! The billing of an organization: which account pays for its usage. A person who pays is always an
//! owner; if no owner pays, the organization pays for itself.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::AccountId;
use crate::email::EmailAddress;
use crate::id::{OrgId, UserId};
use crate::org::{BillingMode, Org};

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

/// The billing of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Billing)]
pub struct BillingView {
    /// The billing mode: `account` if the account of the owner who set it pays, `independent` if
    /// the organization's own account pays.
    pub mode: BillingMode,
    /// The id of the account that pays for usage that is recorded from now on: `acct_` and 32 hex
    /// digits.
    #[schema(example = "acct_2bd806c97f0e00af1a1fc3328fa763a9")]
    pub account_id: String,
    /// The e-mail address for bills; null if none is set.
    #[schema(example = "billing@example.com")]
    pub email: Option<String>,
    /// The time of the last change of billing, or of the organization's creation.
    pub updated_at: DateTime<Utc>,
    /// The version: 1 when the organization is created, increased by 1 with each change of billing.
    #[schema(example = 1)]
    pub version: u32,
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

impl Org {
    /// Returns the organization's billing as the API shows it.
    #[must_use]
    pub fn billing_view(&self) -> BillingView {
        view(self, &self.billing)
    }
}

fn view(org: &Org, billing: &Billing) -> BillingView {
    BillingView {
        mode: billing.paid_by.mode(),
        account_id: billing.account(&org.id).to_string(),
        email: billing.email.as_ref().map(|email| email.as_entered().to_owned()),
        updated_at: billing.updated_at.unwrap_or(org.created_at),
        version: billing.version,
    }
}

/// The decision to change an organization's billing.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct BillingChange {
    org: Org,
    after: Billing,
}

impl BillingChange {
    /// Returns the organization as it was loaded.
    #[must_use]
    pub fn org(&self) -> &Org {
        &self.org
    }

    /// Returns the billing after the change.
    #[must_use]
    pub fn after(&self) -> &Billing {
        &self.after
    }

    /// Returns the billing after the change as the API shows it.
    #[must_use]
    pub fn view(&self) -> BillingView {
        view(&self.org, &self.after)
    }
}

/// Sets the billing mode and the address for bills, on behalf of the owner `by`. With the mode
/// `account`, `by` becomes the payer. Absent values stay. Returns `None` if nothing changes.
#[must_use]
pub fn set(
    org: &Org,
    mode: Option<BillingMode>,
    email: Option<EmailAddress>,
    by: &UserId,
    now: DateTime<Utc>,
) -> Option<BillingChange> {
    let before = &org.billing;
    let paid_by = mode.map_or_else(|| before.paid_by.clone(), |mode| PaidBy::new(mode, by));
    let is_same = |email: &EmailAddress| {
        before.email.as_ref().is_some_and(|known| known.as_entered() == email.as_entered())
    };
    if paid_by == before.paid_by && email.as_ref().is_none_or(is_same) {
        return None;
    }
    let moved = before.moved(paid_by, now);
    let after = Billing { email: email.or_else(|| moved.email.clone()), ..moved };
    Some(BillingChange { org: org.clone(), after })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::name::{Metadata, OrgName};
    use crate::person::Person;

    type TestResult = Result<(), Box<dyn std::error::Error>>;

    fn anns() -> Result<Org, Box<dyn std::error::Error>> {
        let ann = Person {
            user_id: UserId::parse("ann")?,
            email: Some(EmailAddress::parse("ann@example.com")?),
            email_verified: true,
            name: None,
        };
        let id = OrgId::new(Uuid::nil());
        Ok(crate::org::create(
            id,
            OrgName::parse("Acme")?,
            None,
            Metadata::default(),
            &ann,
            DateTime::UNIX_EPOCH,
        )?
        .org()
        .clone())
    }

    #[test]
    fn the_creator_pays_at_first_and_gets_the_bills() -> TestResult {
        let view = anns()?.billing_view();
        let account = AccountId::of_user(&UserId::parse("ann")?).to_string();
        assert_eq!((view.mode, view.account_id, view.version), (BillingMode::Account, account, 1));
        assert_eq!(view.email.as_deref(), Some("ann@example.com"));
        Ok(())
    }

    #[test]
    fn the_owner_who_sets_the_mode_account_pays() -> TestResult {
        let (org, now, bob) =
            (anns()?, DateTime::from_timestamp(60, 0).ok_or("a time")?, UserId::parse("bob")?);
        let change = set(&org, Some(BillingMode::Account), None, &bob, now).ok_or("a change")?;
        assert!(change.after().is_paid_by(&bob));
        assert_eq!((change.view().version, change.view().updated_at), (2, now));
        assert_eq!(change.view().email.as_deref(), Some("ann@example.com"));
        let change =
            set(&org, Some(BillingMode::Independent), None, &bob, now).ok_or("a change")?;
        assert_eq!(change.view().account_id, AccountId::of_org(&org.id).to_string());
        Ok(())
    }

    #[test]
    fn absent_values_stay_and_equal_values_change_nothing() -> TestResult {
        let (org, now, ann) = (anns()?, DateTime::UNIX_EPOCH, UserId::parse("ann")?);
        let email = |text| EmailAddress::parse(text).map(Some);
        assert!(
            set(&org, Some(BillingMode::Account), email("ann@example.com")?, &ann, now).is_none()
        );
        assert!(set(&org, None, None, &UserId::parse("bob")?, now).is_none());
        let change = set(&org, None, email("bills@example.com")?, &UserId::parse("bob")?, now)
            .ok_or("a change")?;
        assert!(change.after().is_paid_by(&ann));
        assert_eq!(change.view().email.as_deref(), Some("bills@example.com"));
        Ok(())
    }
}
