//! Changes of an organization's billing.

use chrono::{DateTime, Utc};

use crate::account::AccountId;
use crate::billing::{Billing, BillingMode, OWNER_CHANGES_MAX, PAYER_CHANGES_MAX, PaidBy};
use crate::email::EmailAddress;
use crate::id::UserId;
use crate::org::Org;
use crate::usage::BACKFILL_DAYS;

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
}

/// The error that the payer of an organization changed too often. It bounds the list of earlier
/// payers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "in {BACKFILL_DAYS} days, the payer changed {PAYER_CHANGES_MAX} times, or you stopped paying {OWNER_CHANGES_MAX} times; try again later, or choose the mode `independent`"
)]
pub struct TooManyPayersError {
    /// The time at which the payer can change again.
    pub until: DateTime<Utc>,
}

/// Sets the billing mode and the address for bills, on behalf of the owner `by`. With the mode
/// `account`, `by` becomes the payer. Absent values stay. Returns `None` if nothing changes.
///
/// # Errors
/// Returns [`TooManyPayersError`] if `by` would begin to pay, and the payer has changed too often.
/// The organization can always pay for itself instead, so nobody has to keep paying.
pub fn set(
    org: &Org,
    mode: Option<BillingMode>,
    email: Option<EmailAddress>,
    by: &UserId,
    now: DateTime<Utc>,
) -> Result<Option<BillingChange>, TooManyPayersError> {
    let before = &org.billing;
    let paid_by = mode.map_or_else(|| before.paid_by.clone(), |mode| PaidBy::new(mode, by));
    let is_same = |email: &EmailAddress| {
        before.email.as_ref().is_some_and(|known| known.as_entered() == email.as_entered())
    };
    if paid_by == before.paid_by && email.as_ref().is_none_or(is_same) {
        return Ok(None);
    }
    if paid_by != before.paid_by
        && paid_by.mode() == BillingMode::Account
        && let Some(until) = before.locked_until(&AccountId::of_user(by), now)
    {
        return Err(TooManyPayersError { until });
    }
    let moved = before.moved(&org.id, paid_by, now);
    let after = Billing { email: email.or_else(|| moved.email.clone()), ..moved };
    Ok(Some(BillingChange { org: org.clone(), after }))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::OrgId;
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

    fn address(change: &BillingChange) -> Option<&str> {
        change.after().email.as_ref().map(EmailAddress::as_entered)
    }

    #[test]
    fn the_creator_pays_at_first_and_gets_the_bills() -> TestResult {
        let org = anns()?;
        assert!(org.billing.is_paid_by(&UserId::parse("ann")?));
        assert_eq!(org.billing.version, 1);
        assert_eq!(
            org.billing.email.as_ref().map(EmailAddress::as_entered),
            Some("ann@example.com")
        );
        Ok(())
    }

    #[test]
    fn the_owner_who_sets_the_mode_account_pays() -> TestResult {
        let (org, now, bob) =
            (anns()?, DateTime::from_timestamp(60, 0).ok_or("a time")?, UserId::parse("bob")?);
        let change = set(&org, Some(BillingMode::Account), None, &bob, now)?.ok_or("a change")?;
        assert!(change.after().is_paid_by(&bob));
        assert_eq!((change.after().version, change.after().updated_at), (2, Some(now)));
        assert_eq!(address(&change), Some("ann@example.com"));
        let change =
            set(&org, Some(BillingMode::Independent), None, &bob, now)?.ok_or("a change")?;
        assert_eq!(change.after().account(&org.id), AccountId::of_org(&org.id));
        Ok(())
    }

    #[test]
    fn absent_values_stay_and_equal_values_change_nothing() -> TestResult {
        let (org, now, ann) = (anns()?, DateTime::UNIX_EPOCH, UserId::parse("ann")?);
        let email = |text| EmailAddress::parse(text).map(Some);
        assert!(
            set(&org, Some(BillingMode::Account), email("ann@example.com")?, &ann, now)?.is_none()
        );
        assert!(set(&org, None, None, &UserId::parse("bob")?, now)?.is_none());
        let change = set(&org, None, email("bills@example.com")?, &UserId::parse("bob")?, now)?
            .ok_or("a change")?;
        assert!(change.after().is_paid_by(&ann));
        assert_eq!(address(&change), Some("bills@example.com"));
        Ok(())
    }
}
