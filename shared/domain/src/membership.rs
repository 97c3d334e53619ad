//! Rules about who is in, and as what: an organization always keeps an owner, and who pays for it
//! is an owner.

use chrono::{DateTime, Utc};

use crate::billing::{Billing, PaidBy};
use crate::member::Member;
use crate::org::Org;
use crate::role::Role;

/// Refused: the organization would have no owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an organization always keeps an owner")]
pub struct LastOwnerError;

/// What a change does to the organization's count of owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ownership {
    /// As many owners as before.
    Same,
    /// One more.
    Gained,
    /// One fewer.
    Lost {
        /// Where the one who goes is the one who pays: the billing as it was, and as it is from
        /// then on, the organization's own.
        billing: Option<Box<(Billing, Billing)>>,
        /// The owners who must be left.
        keeps: Keeps,
    },
}

/// The owners who must be left when one goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// At least one.
    OneOwner,
    /// None, as long as the organization is deleted. It is purged within 30 days, and only an owner
    /// could restore it.
    NoneWhileDeleted,
}

/// The decision to give a member another role.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct RoleChange {
    before: Member,
    after: Member,
    ownership: Ownership,
}

impl RoleChange {
    /// The member as it was read.
    #[must_use]
    pub fn before(&self) -> &Member {
        &self.before
    }

    /// The member as it will be.
    #[must_use]
    pub fn after(&self) -> &Member {
        &self.after
    }

    /// What becomes of the owners.
    #[must_use]
    pub fn ownership(&self) -> &Ownership {
        &self.ownership
    }
}

/// Changes a member's role; nothing to do when it is already that one.
///
/// # Errors
/// [`LastOwnerError`].
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
    /// Who goes.
    #[must_use]
    pub fn member(&self) -> &Member {
        &self.member
    }

    /// What becomes of the owners.
    #[must_use]
    pub fn ownership(&self) -> &Ownership {
        &self.ownership
    }
}

/// Ends a membership: by the member (leaving) or by another (removal).
///
/// # Errors
/// [`LastOwnerError`].
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

/// Ends the membership of a person who is forgotten. A deleted organization does not keep its last
/// owner: a person could otherwise not be forgotten for 30 days.
///
/// # Errors
/// [`LastOwnerError`], if the organization is not deleted.
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
    let billing =
        pays.then(|| Box::new((org.billing.clone(), org.billing.moved(PaidBy::Independent, now))));
    Ownership::Lost { billing, keeps }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
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

    /// An organization that `ann` created, and `ann` herself.
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
    fn the_last_owner_can_neither_step_down_nor_go() -> TestResult {
        let (org, ann) = anns()?;
        assert_eq!(change_role(&org, &ann, Role::Viewer, NOW).err(), Some(LastOwnerError));
        assert_eq!(end_membership(&org, &ann, NOW).err(), Some(LastOwnerError));
        Ok(())
    }

    #[test]
    fn a_deleted_organization_does_not_keep_the_last_owner_from_being_forgotten() -> TestResult {
        let (mut org, ann) = anns()?;
        assert_eq!(forget(&org, &ann, NOW).err(), Some(LastOwnerError));
        org.deleted_at = Some(NOW);
        let Ownership::Lost { keeps, .. } = forget(&org, &ann, NOW)?.ownership().clone() else {
            return Err("an owner goes".into());
        };
        assert_eq!(keeps, Keeps::NoneWhileDeleted);
        // Nobody else is let go so.
        assert_eq!(end_membership(&org, &ann, NOW).err(), Some(LastOwnerError));
        Ok(())
    }

    #[test]
    fn one_of_two_owners_can_go_and_billing_goes_with_the_payer() -> TestResult {
        let (mut org, ann) = anns()?;
        org.owner_count = 2;
        let bob = Member { user_id: UserId::parse("bob")?, ..ann.clone() };
        let independent =
            Billing { paid_by: PaidBy::Independent, version: 2, ..org.billing.clone() };
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
