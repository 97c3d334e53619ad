//! The Cedar policies that the owners of an organization set. This module treats them as text; the
//! `policies` crate validates and evaluates them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::OrgId;

/// The policies of an organization, which its owners set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrgPolicies {
    /// The policies in Cedar syntax: at most 20 static `forbid` policies of at most 2 KiB each, 8
    /// KiB in total. An organization without policies has an empty text.
    #[schema(
        max_length = 8192,
        example = "forbid (principal, action == Orgs::Action::\"invite_member\", resource) unless { principal in Orgs::Role::\"owner\" };"
    )]
    pub policies: String,
    /// The version: 0 until policies are set for the first time, increased by 1 with each change.
    #[schema(example = 1)]
    pub version: u32,
}

/// The decision to change an organization's policies.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct PoliciesChange {
    org: OrgId,
    before: OrgPolicies,
    after: OrgPolicies,
}

impl PoliciesChange {
    /// Returns the id of the organization.
    #[must_use]
    pub fn org(&self) -> OrgId {
        self.org
    }

    /// Returns the policies as they were loaded.
    #[must_use]
    pub fn before(&self) -> &OrgPolicies {
        &self.before
    }

    /// Returns the policies after the change.
    #[must_use]
    pub fn after(&self) -> &OrgPolicies {
        &self.after
    }
}

/// Replaces an organization's policies with a validated text. Returns `None` if the text is the
/// same.
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
    fn the_same_text_changes_nothing_and_another_text_raises_the_version() {
        let org = OrgId::new(Uuid::nil());
        let none = OrgPolicies::default();
        assert!(set(org, &none, String::new()).is_none());
        let first = set(org, &none, "forbid".to_owned()).map(|change| change.after().clone());
        assert_eq!(first.as_ref().map(|first| first.version), Some(1));
        let cleared = first.and_then(|first| set(org, &first, String::new()));
        assert_eq!(cleared.map(|change| change.after().version), Some(2));
    }
}
