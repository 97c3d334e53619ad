//! Who pays for an organization's usage. Whoever pays is an owner; an organization without such an
//! owner pays for itself.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::AccountId;
use crate::email::EmailAddress;
use crate::id::{OrgId, UserId};
use crate::org::{BillingMode, Org};

/// Who pays, and where bills go: a part of the stored organization, with a version of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Billing {
    /// Who pays.
    #[serde(flatten)]
    pub paid_by: PaidBy,
    /// Where bills go. Absent in items that are older than the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// When it last changed; never, where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<DateTime<Utc>>,
    /// 1 at the organization's creation, one more with each change.
    #[serde(default = "first")]
    pub version: u32,
}

fn first() -> u32 {
    1
}

/// Who pays for an organization's usage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum PaidBy {
    /// The account of this owner.
    Account {
        /// The owner who pays.
        payer: UserId,
    },
    /// The organization's own account.
    Independent,
}

impl PaidBy {
    /// Who pays from now on, where the owner `by` sets the mode.
    #[must_use]
    pub fn new(mode: BillingMode, by: &UserId) -> Self {
        match mode {
            BillingMode::Account => Self::Account { payer: by.clone() },
            BillingMode::Independent => Self::Independent,
        }
    }

    /// The way to pay.
    #[must_use]
    pub fn mode(&self) -> BillingMode {
        match self {
            Self::Account { .. } => BillingMode::Account,
            Self::Independent => BillingMode::Independent,
        }
    }
}

/// Billing on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Billing)]
pub struct BillingView {
    /// `account`: the account of the owner who set it. `independent`: the organization's own.
    pub mode: BillingMode,
    /// The account that pays for usage from now on: `acct_` and 32 hex digits.
    #[schema(example = "acct_2bd806c97f0e00af1a1fc3328fa763a9")]
    pub account_id: String,
    /// Where bills go; null where nobody said.
    #[schema(example = "billing@example.com")]
    pub email: Option<String>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// 1 at the organization's creation, one more with each change.
    #[schema(example = 1)]
    pub version: u32,
}

impl Billing {
    /// A new organization's: its creator pays.
    #[must_use]
    pub fn of_creator(creator: UserId, email: EmailAddress, now: DateTime<Utc>) -> Self {
        Self {
            paid_by: PaidBy::Account { payer: creator },
            email: Some(email),
            updated_at: Some(now),
            version: 1,
        }
    }

    /// Whether this user's account pays.
    #[must_use]
    pub fn is_paid_by(&self, user: &UserId) -> bool {
        matches!(&self.paid_by, PaidBy::Account { payer } if payer == user)
    }

    /// The account that pays for an organization with this billing.
    #[must_use]
    pub fn account(&self, org: &OrgId) -> AccountId {
        match &self.paid_by {
            PaidBy::Account { payer } => AccountId::of_user(payer),
            PaidBy::Independent => AccountId::of_org(org),
        }
    }

    /// The same, paid by somebody else from now on.
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
    /// The organization's billing on the wire.
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

/// The decision that billing is different.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct BillingChange {
    org: Org,
    after: Billing,
}

impl BillingChange {
    /// The organization as it was read.
    #[must_use]
    pub fn org(&self) -> &Org {
        &self.org
    }

    /// The billing as it will be.
    #[must_use]
    pub fn after(&self) -> &Billing {
        &self.after
    }

    /// The billing on the wire, as it will be.
    #[must_use]
    pub fn view(&self) -> BillingView {
        view(&self.org, &self.after)
    }
}

/// Sets who pays and where bills go, as the owner `by` says; what is absent stays, and nothing is
/// to do where it is already so. With the mode `account` it is `by` who pays from now on.
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
    fn who_sets_the_mode_account_pays() -> TestResult {
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
    fn what_is_absent_stays_and_what_is_so_changes_nothing() -> TestResult {
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
