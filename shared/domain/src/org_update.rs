//! Changes of an organization: its own fields, its plan, deletion and restoring.

use chrono::{DateTime, Duration, Utc};

use crate::billing::BillingModes;
use crate::name::{Description, Metadata, OrgName};
use crate::org::{Org, Settings};
use crate::patch::Patch;

/// The number of days for which a deleted organization can be restored.
pub const RESTORABLE_DAYS: i64 = 30;

/// A change of an organization's own fields. Absent fields keep their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrgPatch {
    /// The new name, if it changes.
    pub name: Option<OrgName>,
    /// The change of the description.
    pub description: Patch<Description>,
    /// The new metadata, which replaces all of the old metadata.
    pub metadata: Option<Metadata>,
    /// The new settings, if they change.
    pub settings: Option<Settings>,
}

/// A change of an organization's plan. Absent fields keep their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanPatch {
    /// The change of the seat limit. Clearing it removes the limit.
    pub seat_limit: Patch<u32>,
    /// True to suspend the organization, false to end a suspension.
    pub suspended: Option<bool>,
    /// The new set of allowed billing modes, if it changes.
    pub billing_modes: Option<BillingModes>,
}

/// The decision to change an organization.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct OrgChange {
    before: Org,
    after: Org,
}

impl OrgChange {
    /// Returns the organization as it was loaded.
    #[must_use]
    pub fn before(&self) -> &Org {
        &self.before
    }

    /// Returns the organization after the change. Its counts are those that were loaded.
    #[must_use]
    pub fn after(&self) -> &Org {
        &self.after
    }

    /// Returns the change to `after` with the next version, or `None` if nothing changes.
    fn to(before: &Org, after: Org, now: DateTime<Utc>) -> Option<Self> {
        (after != *before).then(|| Self {
            before: before.clone(),
            after: Org { updated_at: now, version: before.version + 1, ..after },
        })
    }
}

/// Changes an organization's own fields. Returns `None` if no value changes.
#[must_use]
pub fn update(org: &Org, patch: OrgPatch, now: DateTime<Utc>) -> Option<OrgChange> {
    let after = Org {
        name: patch.name.unwrap_or_else(|| org.name.clone()),
        description: patch.description.of(org.description.as_ref()),
        metadata: patch.metadata.unwrap_or_else(|| org.metadata.clone()),
        settings: patch.settings.unwrap_or_else(|| org.settings.clone()),
        ..org.clone()
    };
    OrgChange::to(org, after, now)
}

/// Changes an organization's plan. Returns `None` if no value changes. A seat limit below the
/// member count removes nobody; it blocks new members.
#[must_use]
pub fn set_plan(org: &Org, patch: PlanPatch, now: DateTime<Utc>) -> Option<OrgChange> {
    let after = Org {
        seat_limit: patch.seat_limit.of(org.seat_limit.as_ref()),
        suspended: patch.suspended.unwrap_or(org.suspended),
        billing_modes: patch.billing_modes.unwrap_or_else(|| org.billing_modes.clone()),
        ..org.clone()
    };
    OrgChange::to(org, after, now)
}

/// Deletes an organization, which can then be restored for [`RESTORABLE_DAYS`]. Returns `None` if
/// it is already deleted.
#[must_use]
pub fn delete(org: &Org, now: DateTime<Utc>) -> Option<OrgChange> {
    let deleted_at = org.deleted_at.or(Some(now));
    OrgChange::to(org, Org { deleted_at, ..org.clone() }, now)
}

/// Restores a deleted organization. Returns `None` if it is not deleted.
#[must_use]
pub fn restore(org: &Org, now: DateTime<Utc>) -> Option<OrgChange> {
    OrgChange::to(org, Org { deleted_at: None, ..org.clone() }, now)
}

impl Org {
    /// Returns the time from which a deleted organization can no longer be restored.
    #[must_use]
    pub fn gone_at(&self) -> Option<DateTime<Utc>> {
        self.deleted_at.map(|at| at + Duration::days(RESTORABLE_DAYS))
    }

    /// Returns true if the organization can no longer be restored. It then no longer exists for any
    /// caller, even if the purge has not removed all its items yet.
    #[must_use]
    pub fn is_gone(&self, now: DateTime<Utc>) -> bool {
        self.gone_at().is_some_and(|at| at <= now)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::email::EmailAddress;
    use crate::id::{OrgId, UserId};
    use crate::org::{self, Status};
    use crate::person::Person;
    use crate::role::Role;

    type TestResult = Result<(), Box<dyn std::error::Error>>;

    fn acme() -> Result<Org, Box<dyn std::error::Error>> {
        let ann = Person {
            user_id: UserId::parse("ann")?,
            email: Some(EmailAddress::parse("ann@example.com")?),
            email_verified: true,
            name: None,
        };
        let description = Some(Description::parse("Makers")?);
        let created = org::create(
            OrgId::new(Uuid::nil()),
            OrgName::parse("Acme")?,
            description,
            Metadata::default(),
            &ann,
            DateTime::UNIX_EPOCH,
        )?;
        Ok(created.org().clone())
    }

    fn day(n: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::days(n)
    }

    #[test]
    fn a_change_raises_the_version_and_equal_values_do_not() -> TestResult {
        let org = acme()?;
        let patch = OrgPatch {
            description: Patch::Clear,
            settings: Some(Settings { high_cost_creators: Role::Owner }),
            ..OrgPatch::default()
        };
        let change = update(&org, patch, day(1)).ok_or("a change")?;
        let after = change.after();
        assert_eq!((after.version, after.updated_at, &after.description), (2, day(1), &None));
        assert_eq!((after.name.as_str(), after.settings.high_cost_creators), ("Acme", Role::Owner));
        assert!(
            update(
                &org,
                OrgPatch { name: Some(OrgName::parse(" Acme")?), ..OrgPatch::default() },
                day(1)
            )
            .is_none()
        );
        Ok(())
    }

    #[test]
    fn suspension_and_deletion_are_independent() -> TestResult {
        let org = acme()?;
        let suspended =
            set_plan(&org, PlanPatch { suspended: Some(true), ..PlanPatch::default() }, day(1))
                .ok_or("a change")?;
        let both = delete(suspended.after(), day(2)).ok_or("a change")?;
        assert_eq!(both.after().status(), Status::Deleted);
        let restored = restore(both.after(), day(3)).ok_or("a change")?;
        assert_eq!(restored.after().status(), Status::Suspended);
        let active = set_plan(
            both.after(),
            PlanPatch { suspended: Some(false), ..PlanPatch::default() },
            day(3),
        )
        .ok_or("a change")?;
        assert_eq!(active.after().status(), Status::Deleted);
        assert!(delete(both.after(), day(3)).is_none());
        assert!(restore(&org, day(3)).is_none());
        Ok(())
    }

    #[test]
    fn a_deleted_organization_is_gone_after_thirty_days() -> TestResult {
        let deleted = delete(&acme()?, day(1)).ok_or("a change")?;
        let almost = day(31) - Duration::milliseconds(1);
        assert!(!deleted.after().is_gone(almost));
        assert!(deleted.after().is_gone(day(31)));
        assert!(!acme()?.is_gone(day(1000)));
        Ok(())
    }

    #[test]
    fn a_plan_patch_changes_only_the_fields_it_has() -> TestResult {
        let org = acme()?;
        let change =
            set_plan(&org, PlanPatch { seat_limit: Patch::Set(1), ..PlanPatch::default() }, day(1))
                .ok_or("a change")?;
        assert_eq!((change.after().seat_limit, change.after().suspended), (Some(1), false));
        assert_eq!(change.after().billing_modes, BillingModes::default());
        let none = set_plan(
            change.after(),
            PlanPatch { seat_limit: Patch::Clear, ..PlanPatch::default() },
            day(1),
        )
        .ok_or("a change")?;
        assert_eq!(none.after().seat_limit, None);
        Ok(())
    }
}
