//! The billing of an organization: which account pays for its usage. A person who pays is always an
//! owner; if no owner pays, the organization pays for itself.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::AccountId;
use crate::email::EmailAddress;
use crate::id::{OrgId, UserId};
use crate::usage::BACKFILL_DAYS;

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
    /// The accounts that paid before, oldest first, as long as usage of their time can be recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<EarlierPayer>,
    /// The time since which the account pays. `None` means since the organization was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_since: Option<DateTime<Utc>>,
}

/// An account that paid for an organization until another account did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierPayer {
    /// The account that paid.
    pub account_id: AccountId,
    /// The time at which another account began to pay. Usage at this time is no longer paid by
    /// this account.
    pub until: DateTime<Utc>,
}

/// The number of changes of the payer in [`BACKFILL_DAYS`] after which no owner can begin to pay.
/// It bounds the list of earlier payers.
pub const PAYER_CHANGES_MAX: usize = 40;
/// The number of times in [`BACKFILL_DAYS`] that one owner can stop paying and begin again. It is
/// less than a half of all changes, so that one owner alone cannot use them up.
pub const OWNER_CHANGES_MAX: usize = 10;

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
            earlier: Vec::new(),
            paid_since: None,
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

    /// Returns the account that paid for the organization `org` at a time.
    ///
    /// For a time before the oldest known payer, this is the oldest known payer. For a time in the
    /// future, it is the account that pays now.
    #[must_use]
    pub fn account_at(&self, org: &OrgId, at: DateTime<Utc>) -> AccountId {
        let earlier = self.earlier.iter().find(|payer| at < payer.until);
        earlier.map_or_else(|| self.account(org), |payer| payer.account_id.clone())
    }

    /// Returns the time at which the owner with this account can begin to pay, if in the last
    /// [`BACKFILL_DAYS`] the payer has changed [`PAYER_CHANGES_MAX`] times, or the account has
    /// stopped paying [`OWNER_CHANGES_MAX`] times.
    #[must_use]
    pub fn locked_until(&self, account: &AccountId, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let locked = |max: usize, counts: &dyn Fn(&EarlierPayer) -> bool| {
            let recent: Vec<DateTime<Utc>> = self
                .earlier
                .iter()
                .filter(|payer| counts(payer))
                .map(|payer| payer.until + Duration::days(BACKFILL_DAYS))
                .filter(|forgotten_at| *forgotten_at > now)
                .collect();
            recent.len().checked_sub(max).map(|first| recent[first])
        };
        locked(PAYER_CHANGES_MAX, &|_| true)
            .max(locked(OWNER_CHANGES_MAX, &|payer| payer.account_id == *account))
    }

    /// Returns the billing of the organization `org` with the payer `paid_by`, a new time of change
    /// and the next version. The list of earlier payers loses those whose usage can no longer be
    /// recorded.
    #[must_use]
    pub fn moved(&self, org: &OrgId, paid_by: PaidBy, now: DateTime<Utc>) -> Self {
        let (mut earlier, mut paid_since) = (self.earlier.clone(), self.paid_since);
        earlier.retain(|payer| payer.until + Duration::days(BACKFILL_DAYS) > now);
        if paid_by != self.paid_by {
            earlier.push(EarlierPayer { account_id: self.account(org), until: now });
            paid_since = Some(now);
        }
        Self {
            paid_by,
            email: self.email.clone(),
            updated_at: Some(now),
            version: self.version + 1,
            earlier,
            paid_since,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    type TestResult = Result<(), Box<dyn std::error::Error>>;

    fn day(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::days(day)
    }

    #[test]
    fn each_time_has_the_account_that_paid_then() -> TestResult {
        let (org, ann, bob) =
            (OrgId::new(Uuid::nil()), UserId::parse("ann")?, UserId::parse("bob")?);
        let billing =
            Billing::of_creator(ann.clone(), EmailAddress::parse("a@example.com")?, day(0))
                .moved(&org, PaidBy::Account { payer: bob.clone() }, day(3))
                .moved(&org, PaidBy::Account { payer: bob.clone() }, day(4))
                .moved(&org, PaidBy::Independent, day(5));
        let instant = Duration::milliseconds(1);
        let (of_ann, of_bob) = (AccountId::of_user(&ann), AccountId::of_user(&bob));
        for (at, account) in [
            (day(-1), &of_ann),
            (day(3) - instant, &of_ann),
            (day(3), &of_bob),
            (day(5) - instant, &of_bob),
            (day(5), &AccountId::of_org(&org)),
            (day(9), &AccountId::of_org(&org)),
        ] {
            assert_eq!(billing.account_at(&org, at), *account, "{at}");
        }
        assert_eq!((billing.version, billing.paid_since), (4, Some(day(5))));
        Ok(())
    }

    #[test]
    fn earlier_payers_are_kept_while_their_usage_can_be_recorded() -> TestResult {
        let (org, ann) = (OrgId::new(Uuid::nil()), UserId::parse("ann")?);
        let first = Billing::of_creator(ann.clone(), EmailAddress::parse("a@example.com")?, day(0))
            .moved(&org, PaidBy::Independent, day(1));
        let second = first.moved(&org, PaidBy::Account { payer: ann.clone() }, day(36));
        assert_eq!(second.earlier.iter().map(|payer| payer.until).collect::<Vec<_>>(), [day(36)]);
        let second = first.moved(&org, PaidBy::Account { payer: ann }, day(35));
        assert_eq!(
            second.earlier.iter().map(|payer| payer.until).collect::<Vec<_>>(),
            [day(1), day(35)]
        );
        Ok(())
    }

    #[test]
    fn the_payer_can_change_forty_times_and_one_owner_can_stop_ten_times_in_35_days() -> TestResult
    {
        let org = OrgId::new(Uuid::nil());
        let owners = ["ann", "bob", "cid", "dan"].map(|name| UserId::parse(name).unwrap());
        let accounts = owners.each_ref().map(AccountId::of_user);
        let email = EmailAddress::parse("a@example.com")?;
        let mut billing = Billing::of_creator(owners[0].clone(), email, day(0));
        let minutes = |n: i64| day(0) + Duration::minutes(n);
        // The first owner stops at the even minutes and begins again at the odd ones.
        for minute in 0..19 {
            assert_eq!(billing.locked_until(&accounts[0], minutes(minute)), None);
            let mode =
                if minute % 2 == 0 { BillingMode::Independent } else { BillingMode::Account };
            billing = billing.moved(&org, PaidBy::new(mode, &owners[0]), minutes(minute));
        }
        let in_35_days = |minute| minutes(minute) + Duration::days(35);
        assert_eq!(billing.locked_until(&accounts[0], minutes(19)), Some(in_35_days(0)));
        assert_eq!(billing.locked_until(&accounts[0], in_35_days(0)), None);
        // The others take turns until nobody can begin to pay.
        for minute in 19..40 {
            let owner = 1 + usize::try_from(minute % 3)?;
            assert_eq!(billing.locked_until(&accounts[owner], minutes(minute)), None);
            let paid_by = PaidBy::new(BillingMode::Account, &owners[owner]);
            billing = billing.moved(&org, paid_by, minutes(minute));
        }
        let eve = AccountId::of_user(&UserId::parse("eve")?);
        assert_eq!(billing.locked_until(&eve, minutes(40)), Some(in_35_days(0)));
        assert_eq!(billing.locked_until(&eve, in_35_days(0)), None);
        // The payer can always lose the ownership.
        billing = billing.moved(&org, PaidBy::Independent, minutes(40));
        assert_eq!(billing.locked_until(&eve, minutes(40)), Some(in_35_days(1)));
        Ok(())
    }
}
