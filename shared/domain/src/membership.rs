//! Role changes and the end of memberships. An organization keeps at least one owner, and its payer
//! is always an owner.

use chrono::{DateTime, Utc};

use crate::billing::{Billing, PaidBy};
use crate::member::Member;
use crate::org::Org;
use crate::role::Role;

/// The error that a change would leave the organization without an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the organization would have no owner; make another member an owner first")]
pub struct LastOwnerError;

/// The effect of a change on the organization's owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ownership {
    /// The number of owners stays the same.
    Same,
    /// The organization gains one owner.
    Gained,
    /// The organization loses one owner.
    Lost {
        /// The billing before and after the change, if the lost owner is the payer. Afterwards the
        /// organization pays for itself.
        billing: Option<Box<(Billing, Billing)>>,
        /// The owners who must remain.
        keeps: Keeps,
    },
}

/// The owners who must remain when the organization loses an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// At least one other owner must remain.
    OneOwner,
    /// No owner has to remain, on the condition that the organization is deleted. It will be purged
    /// within about 30 days, and without an owner nobody can restore it.
    NoneWhileDeleted,
}

/// The decision to change a member's role.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct RoleChange {
    before: Member,
    after: Member,
    ownership: Ownership,
}

impl RoleChange {
    /// Returns the member as it was loaded.
    #[must_use]
    pub fn before(&self) -> &Member {
        &self.before
    }

    /// Returns the member with the new role.
    #[must_use]
    pub fn after(&self) -> &Member {
        &self.after
    }

    /// Returns the effect on the organization's owners.
    #[must_use]
    pub fn ownership(&self) -> &Ownership {
        &self.ownership
    }
}

/// Changes a member's role. Returns `None` if the member already has it.
///
/// # Errors
/// Returns [`LastOwnerError`] if the target is the only owner.
pub fn change_role(
    org: &Org,
    target: &Member,
    role: Role,
    now: DateTime<Utc>,
) -> Result<Option<RoleChange>, LastOwnerError> {
    if target.role == role {
        return Ok(None);
    }
    let ownership = match (target.role, role) {
        (Role::Owner, _) => owner_loss(org, target, now)?,
        (_, Role::Owner) => Ownership::Gained,
        _ => Ownership::Same,
    };
    let after = Member { role, version: target.version + 1, ..target.clone() };
    Ok(Some(RoleChange { before: target.clone(), after, ownership }))
}

/// The decision to end a membership.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct MembershipEnd {
    member: Member,
    ownership: Ownership,
}

impl MembershipEnd {
    /// Returns the member whose membership ends.
    #[must_use]
    pub fn member(&self) -> &Member {
        &self.member
    }

    /// Returns the effect on the organization's owners.
    #[must_use]
    pub fn ownership(&self) -> &Ownership {
        &self.ownership
    }
}

/// Ends a membership, whether the member leaves or another member removes them.
///
/// # Errors
/// Returns [`LastOwnerError`] if the target is the only owner.
pub fn end_membership(
    org: &Org,
    target: &Member,
    now: DateTime<Utc>,
) -> Result<MembershipEnd, LastOwnerError> {
    let ownership = match target.role {
        Role::Owner => owner_loss(org, target, now)?,
        Role::Administrator | Role::Viewer => Ownership::Same,
    };
    Ok(MembershipEnd { member: target.clone(), ownership })
}

/// Ends one membership of a person, all of whose memberships end. A deleted organization may lose
/// its last owner this way, because the person would otherwise have to wait 30 days.
///
/// # Errors
/// Returns [`LastOwnerError`] if the target is the only owner and the organization is not deleted.
pub fn forget(
    org: &Org,
    target: &Member,
    now: DateTime<Utc>,
) -> Result<MembershipEnd, LastOwnerError> {
    if target.role == Role::Owner && org.deleted_at.is_some() {
        return Ok(MembershipEnd {
            member: target.clone(),
            ownership: lost(org, target, Keeps::NoneWhileDeleted, now),
        });
    }
    end_membership(org, target, now)
}

fn owner_loss(org: &Org, target: &Member, now: DateTime<Utc>) -> Result<Ownership, LastOwnerError> {
    if org.owner_count <= 1 {
        return Err(LastOwnerError);
    }
    Ok(lost(org, target, Keeps::OneOwner, now))
}

fn lost(org: &Org, target: &Member, keeps: Keeps, now: DateTime<Utc>) -> Ownership {
    let pays = org.billing.is_paid_by(&target.user_id);
    let billing = pays.then(|| {
        Box::new((org.billing.clone(), org.billing.moved(&org.id, PaidBy::Independent, now)))
    });
    Ownership::Lost { billing, keeps }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::account::AccountId;
    use crate::billing::EarlierPayer;
    use crate::email::EmailAddress;
    use crate::id::{OrgId, UserId};
    use crate::name::{Metadata, OrgName};
    use crate::org;
    use crate::person::Person;

    fn person(name: &str) -> Result<Person, crate::InvalidError> {
        Ok(Person {
            user_id: UserId::parse(name)?,
            email: Some(EmailAddress::parse(&format!("{name}@example.com"))?),
            email_verified: true,
            name: None,
        })
    }

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    /// Returns an organization that `ann` created, and her membership.
    fn anns() -> Result<(Org, Member), Box<dyn std::error::Error>> {
        let created = org::create(
            OrgId::new(Uuid::nil()),
            OrgName::parse("Acme")?,
            None,
            Metadata::default(),
            &person("ann")?,
            DateTime::UNIX_EPOCH,
        )?;
        Ok((created.org().clone(), created.owner().clone()))
    }

    type TestResult = Result<(), Box<dyn std::error::Error>>;

    #[test]
    fn the_last_owner_can_be_neither_demoted_nor_removed() -> TestResult {
        let (org, ann) = anns()?;
        assert_eq!(change_role(&org, &ann, Role::Viewer, NOW).err(), Some(LastOwnerError));
        assert_eq!(end_membership(&org, &ann, NOW).err(), Some(LastOwnerError));
        Ok(())
    }

    #[test]
    fn the_last_owner_of_a_deleted_organization_can_be_forgotten() -> TestResult {
        let (mut org, ann) = anns()?;
        assert_eq!(forget(&org, &ann, NOW).err(), Some(LastOwnerError));
        org.deleted_at = Some(NOW);
        let Ownership::Lost { keeps, .. } = forget(&org, &ann, NOW)?.ownership().clone() else {
            return Err("the organization loses an owner".into());
        };
        assert_eq!(keeps, Keeps::NoneWhileDeleted);
        // A member who leaves or is removed is still protected.
        assert_eq!(end_membership(&org, &ann, NOW).err(), Some(LastOwnerError));
        Ok(())
    }

    #[test]
    fn one_of_two_owners_can_leave_and_a_leaving_payer_stops_paying() -> TestResult {
        let (mut org, ann) = anns()?;
        org.owner_count = 2;
        let bob = Member { user_id: UserId::parse("bob")?, ..ann.clone() };
        let independent = Billing {
            paid_by: PaidBy::Independent,
            version: 2,
            earlier: vec![EarlierPayer {
                account_id: AccountId::of_user(&ann.user_id),
                until: NOW,
            }],
            paid_since: Some(NOW),
            ..org.billing.clone()
        };
        let moved = Ownership::Lost {
            billing: Some(Box::new((org.billing.clone(), independent.clone()))),
            keeps: Keeps::OneOwner,
        };
        assert_eq!(end_membership(&org, &ann, NOW)?.ownership(), &moved);
        assert_eq!(
            end_membership(&org, &bob, NOW)?.ownership(),
            &Ownership::Lost { billing: None, keeps: Keeps::OneOwner }
        );
        org.billing = independent;
        assert_eq!(
            end_membership(&org, &ann, NOW)?.ownership(),
            &Ownership::Lost { billing: None, keeps: Keeps::OneOwner }
        );
        Ok(())
    }

    #[test]
    fn a_role_change_raises_the_version_and_the_same_role_changes_nothing() -> TestResult {
        let (org, ann) = anns()?;
        let bob = Member { user_id: UserId::parse("bob")?, role: Role::Viewer, ..ann.clone() };
        assert!(change_role(&org, &bob, Role::Viewer, NOW)?.is_none());
        assert!(change_role(&org, &ann, Role::Owner, NOW)?.is_none());
        let change = change_role(&org, &bob, Role::Owner, NOW)?.ok_or("a change")?;
        assert_eq!(
            (change.after().role, change.after().version, change.ownership()),
            (Role::Owner, 2, &Ownership::Gained)
        );
        let change = change_role(&org, &bob, Role::Administrator, NOW)?.ok_or("a change")?;
        assert_eq!(change.ownership(), &Ownership::Same);
        Ok(())
    }

    #[test]
    fn a_member_is_refreshed_from_a_verified_token_only() -> TestResult {
        let (_, ann) = anns()?;
        let mut token = person("ann")?;
        assert_eq!(ann.refreshed(&token), None);
        token.name = Some("Ann".to_owned());
        assert_eq!(
            ann.refreshed(&token).map(|ann| (ann.name, ann.version)),
            Some((Some("Ann".to_owned()), 2))
        );
        let mut token = person("ann")?;
        token.email = Some(EmailAddress::parse("ann@other.example")?);
        token.email_verified = false;
        assert_eq!(ann.refreshed(&token), None);
        token.email_verified = true;
        assert_eq!(
            ann.refreshed(&token).map(|ann| ann.email.canonical().to_owned()),
            Some("ann@other.example".to_owned())
        );
        Ok(())
    }
}
