//! An organization's own policies, as text: what they may say is for the policies' crate to judge.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::OrgId;

/// The policies, as they are stored and on the wire.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrgPolicies {
    /// Cedar: at most 20 static `forbid` policies, 2 KiB each, 8 KiB in all. Empty where there are
    /// none.
    #[schema(
        max_length = 8192,
        example = "forbid (principal, action == Orgs::Action::\"invite_member\", resource) unless { principal in Orgs::Role::\"owner\" };"
    )]
    pub policies: String,
    /// 0 before the first are set, one more with each change.
    #[schema(example = 1)]
    pub version: u32,
}

/// The decision that an organization's own policies are others.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct PoliciesChange {
    org: OrgId,
    before: OrgPolicies,
    after: OrgPolicies,
}

impl PoliciesChange {
    /// The organization.
    #[must_use]
    pub fn org(&self) -> OrgId {
        self.org
    }

    /// The policies as they were read.
    #[must_use]
    pub fn before(&self) -> &OrgPolicies {
        &self.before
    }

    /// The policies as they will be.
    #[must_use]
    pub fn after(&self) -> &OrgPolicies {
        &self.after
    }
}

/// Sets an organization's own policies, a text that was checked; nothing to do where it is already
/// this one.
#[must_use]
pub fn set(org: OrgId, before: &OrgPolicies, policies: String) -> Option<PoliciesChange> {
    (before.policies != policies).then(|| PoliciesChange {
        org,
        before: before.clone(),
        after: OrgPolicies { policies, version: before.version + 1 },
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_same_text_changes_nothing_and_another_raises_the_version() {
        let org = OrgId::new(Uuid::nil());
        let none = OrgPolicies::default();
        assert!(set(org, &none, String::new()).is_none());
        let first = set(org, &none, "forbid".to_owned()).map(|change| change.after().clone());
        assert_eq!(first.as_ref().map(|first| first.version), Some(1));
        let cleared = first.and_then(|first| set(org, &first, String::new()));
        assert_eq!(cleared.map(|change| change.after().version), Some(2));
    }
}
