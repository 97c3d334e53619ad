//! Ownership transfer: another member becomes an owner and the caller becomes an administrator, in
//! one transaction.

use chrono::{DateTime, Utc};

use crate::billing::{Billing, PaidBy};
use crate::member::Member;
use crate::org::Org;
use crate::role::Role;

/// The error that an owner tried to transfer ownership to themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("you cannot transfer ownership to yourself; choose another member")]
pub struct TransferToSelfError;

/// The decision to transfer ownership from one member to another.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct OwnershipTransfer {
    from: (Member, Member),
    to: (Member, Member),
    billing: Option<Box<(Billing, Billing)>>,
}

impl OwnershipTransfer {
    /// Returns the current owner as loaded.
    #[must_use]
    pub fn from_before(&self) -> &Member {
        &self.from.0
    }

    /// Returns the previous owner, now an administrator.
    #[must_use]
    pub fn from_after(&self) -> &Member {
        &self.from.1
    }

    /// Returns the recipient as loaded.
    #[must_use]
    pub fn to_before(&self) -> &Member {
        &self.to.0
    }

    /// Returns the recipient as an owner. The member is unchanged if the recipient already was an
    /// owner.
    #[must_use]
    pub fn to_after(&self) -> &Member {
        &self.to.1
    }

    /// Returns true if the recipient was not an owner before.
    #[must_use]
    pub fn is_new_owner(&self) -> bool {
        self.to.0.role != Role::Owner
    }

    /// Returns the billing before and after the transfer if the previous owner is the payer.
    /// Afterwards the organization pays for itself.
    #[must_use]
    pub fn billing(&self) -> Option<&(Billing, Billing)> {
        self.billing.as_deref()
    }
}

/// Transfers ownership from `owner` to another member. A transfer never makes the recipient the
/// payer: if `owner` pays, the organization pays for itself until an owner changes the billing
/// mode.
///
/// # Errors
/// Returns [`TransferToSelfError`] if both are the same person.
pub fn transfer_ownership(
    org: &Org,
    owner: &Member,
    to: &Member,
    now: DateTime<Utc>,
) -> Result<OwnershipTransfer, TransferToSelfError> {
    if owner.user_id == to.user_id {
        return Err(TransferToSelfError);
    }
    let from_after =
        Member { role: Role::Administrator, version: owner.version + 1, ..owner.clone() };
    let to_after = if to.role == Role::Owner {
        to.clone()
    } else {
        Member { role: Role::Owner, version: to.version + 1, ..to.clone() }
    };
    let pays = org.billing.is_paid_by(&owner.user_id);
    let billing = pays.then(|| {
        Box::new((org.billing.clone(), org.billing.moved(&org.id, PaidBy::Independent, now)))
    });
    Ok(OwnershipTransfer { from: (owner.clone(), from_after), to: (to.clone(), to_after), billing })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::email::EmailAddress;
    use crate::id::{OrgId, UserId};
    use crate::name::{Metadata, OrgName};
    use crate::person::Person;

    type TestResult = Result<(), Box<dyn std::error::Error>>;

    fn anns() -> Result<(Org, Member, Member), Box<dyn std::error::Error>> {
        let ann = Person {
            user_id: UserId::parse("ann")?,
            email: Some(EmailAddress::parse("ann@example.com")?),
            email_verified: true,
            name: None,
        };
        let id = OrgId::new(Uuid::nil());
        let created = crate::org::create(
            id,
            OrgName::parse("Acme")?,
            None,
            Metadata::default(),
            &ann,
            DateTime::UNIX_EPOCH,
        )?;
        let ann = created.owner().clone();
        let bob = Member { user_id: UserId::parse("bob")?, role: Role::Viewer, ..ann.clone() };
        Ok((created.org().clone(), ann, bob))
    }

    #[test]
    fn the_recipient_becomes_an_owner_and_the_previous_owner_an_administrator() -> TestResult {
        let (org, ann, bob) = anns()?;
        let transfer = transfer_ownership(&org, &ann, &bob, DateTime::UNIX_EPOCH)?;
        assert_eq!(
            (transfer.from_after().role, transfer.from_after().version),
            (Role::Administrator, 2)
        );
        assert_eq!((transfer.to_after().role, transfer.to_after().version), (Role::Owner, 2));
        assert!(transfer.is_new_owner());
        assert!(transfer.billing().is_some_and(|(before, after)| before.is_paid_by(&ann.user_id)
            && after.paid_by == PaidBy::Independent));
        Ok(())
    }

    #[test]
    fn a_recipient_who_is_an_owner_stays_unchanged() -> TestResult {
        let (mut org, ann, bob) = anns()?;
        org.billing.paid_by = PaidBy::Independent;
        let bob = Member { role: Role::Owner, ..bob };
        let transfer = transfer_ownership(&org, &ann, &bob, DateTime::UNIX_EPOCH)?;
        assert_eq!(
            (transfer.to_after(), transfer.is_new_owner(), transfer.billing()),
            (&bob, false, None)
        );
        Ok(())
    }

    #[test]
    fn ownership_cannot_be_transferred_to_oneself() -> TestResult {
        let (org, ann, _) = anns()?;
        assert_eq!(
            transfer_ownership(&org, &ann, &ann, DateTime::UNIX_EPOCH).err(),
            Some(TransferToSelfError)
        );
        Ok(())
    }
}
