//! The resources of an organization: agents, knowledge bases and sources.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{OrgId, ResourceId, UserId};
use crate::invalid::{InvalidError, text_value};
use crate::name::Metadata;
use crate::text;

/// Defines an enum of words. It replaces serde's own parsing of enums, which would also accept
/// `{"word": null}`.
macro_rules! words {
    ($(#[$doc:meta])* $set:ident($refusal:literal) { $($(#[$word_doc:meta])* $word:ident => $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case", try_from = "String")]
        pub enum $set { $($(#[$word_doc])* $word,)* }

        impl $set {
            /// All values.
            pub const ALL: &[Self] = &[$(Self::$word,)*];

            /// Returns the value's name in the API.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text,)* }
            }
        }

        impl TryFrom<String> for $set {
            type Error = InvalidError;

            fn try_from(word: String) -> Result<Self, InvalidError> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word).ok_or_else(|| InvalidError::new("unknown_word", $refusal))
            }
        }

        impl fmt::Display for $set {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// The kind of a resource.
    ///
    /// - `agent`: software that works for the members.
    /// - `knowledge_base`: the knowledge that agents use.
    /// - `source`: a source from which a knowledge base is filled.
    ResourceKind("must be `agent`, `knowledge_base` or `source`") {
        /// Software that works for the members.
        Agent => "agent",
        /// The knowledge that agents use.
        KnowledgeBase => "knowledge_base",
        /// A source from which a knowledge base is filled.
        Source => "source",
    }
}

words! {
    /// The cost class of a resource: how expensive its use is.
    ///
    /// - `standard`: the usual cost.
    /// - `high`: a much higher cost. The setting `high_cost_creators` of the organization decides
    ///   which role may create a resource of this class, or raise one to it.
    CostClass("must be `standard` or `high`") {
        /// The usual cost.
        Standard => "standard",
        /// A much higher cost. A setting decides which role may create such a resource.
        High => "high",
    }
}

/// The name of a resource: 1 to 128 characters after NFC normalization and trimming, without
/// control, bidirectional or zero-width characters. It is not unique.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceName(String);

impl ResourceName {
    /// Parses a name.
    ///
    /// # Errors
    /// Returns `empty`, `too_long` or `forbidden_characters`.
    pub fn parse(name: &str) -> Result<Self, InvalidError> {
        let name = text::normalized(name);
        if name.is_empty() {
            return Err(InvalidError::new("empty", "must not be empty"));
        }
        text::at_most(&name, 128)?;
        if name.chars().any(text::is_deceptive) {
            return Err(InvalidError::new(
                "forbidden_characters",
                "must not contain control, bidirectional or zero-width characters",
            ));
        }
        Ok(Self(name))
    }

    fn owned(&self) -> String {
        self.0.clone()
    }
}

text_value!(ResourceName, owned);

/// A resource that the members of an organization share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Resource {
    /// The id of the resource: `res_` and 32 hex digits.
    #[schema(value_type = String, example = "res_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub id: ResourceId,
    /// The id of the organization whose members share the resource.
    #[schema(value_type = String, example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub org_id: OrgId,
    /// The kind of the resource, which cannot change.
    pub kind: ResourceKind,
    /// The name: 1 to 128 characters. It is not unique.
    #[schema(value_type = String, min_length = 1, max_length = 128, example = "Support agent")]
    pub name: ResourceName,
    /// The cost class of the resource.
    pub cost_class: CostClass,
    /// Values that your application stores here for itself: at most 20 entries. A key has 1 to 40
    /// characters and a value at most 500; together they have at most 12 KiB.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"model": "large"}))]
    pub metadata: Metadata,
    /// The user id of the creator.
    #[schema(value_type = String, example = "auth0|65f0c1")]
    pub created_by: UserId,
    /// The time of creation.
    pub created_at: DateTime<Utc>,
    /// The time of the last change.
    pub updated_at: DateTime<Utc>,
    /// The version: 1 at creation, increased by 1 with each change.
    #[schema(example = 1)]
    pub version: u32,
}

/// A change of a resource. Absent fields keep their values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the resource")]
pub struct ResourcePatch {
    pub name: Option<ResourceName>,
    pub cost_class: Option<CostClass>,
    pub metadata: Option<Metadata>,
}

/// The decision to create, change or delete a resource.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct ResourceChange {
    resource: Resource,
    before: Option<Resource>,
    after: Option<Resource>,
}

impl ResourceChange {
    /// Returns the resource after the change, or the deleted resource.
    #[must_use]
    pub fn resource(&self) -> &Resource {
        &self.resource
    }

    /// Returns the resource as it was loaded, or `None` for a new resource.
    #[must_use]
    pub fn before(&self) -> Option<&Resource> {
        self.before.as_ref()
    }

    /// Returns the resource after the change, or `None` if it is deleted.
    #[must_use]
    pub fn after(&self) -> Option<&Resource> {
        self.after.as_ref()
    }
}

/// Creates a resource.
pub fn create(resource: Resource) -> ResourceChange {
    ResourceChange { before: None, after: Some(resource.clone()), resource }
}

/// Changes a resource. Returns `None` if no value changes.
#[must_use]
pub fn update(
    resource: &Resource,
    patch: ResourcePatch,
    now: DateTime<Utc>,
) -> Option<ResourceChange> {
    let changed = Resource {
        name: patch.name.unwrap_or_else(|| resource.name.clone()),
        cost_class: patch.cost_class.unwrap_or(resource.cost_class),
        metadata: patch.metadata.unwrap_or_else(|| resource.metadata.clone()),
        ..resource.clone()
    };
    (changed != *resource).then(|| {
        let after = Resource { updated_at: now, version: resource.version + 1, ..changed };
        ResourceChange {
            before: Some(resource.clone()),
            after: Some(after.clone()),
            resource: after,
        }
    })
}

/// Deletes a resource.
pub fn delete(resource: &Resource) -> ResourceChange {
    ResourceChange { before: Some(resource.clone()), after: None, resource: resource.clone() }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn resource() -> Result<Resource, InvalidError> {
        Ok(Resource {
            id: ResourceId::new(Uuid::nil()),
            org_id: OrgId::new(Uuid::nil()),
            kind: ResourceKind::Agent,
            name: ResourceName::parse("Support")?,
            cost_class: CostClass::Standard,
            metadata: Metadata::default(),
            created_by: UserId::parse("ann")?,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            version: 1,
        })
    }

    #[test]
    fn a_change_raises_the_version_and_keeps_absent_fields()
    -> Result<(), Box<dyn std::error::Error>> {
        let now = DateTime::from_timestamp(60, 0).ok_or("a time")?;
        let patch = ResourcePatch { cost_class: Some(CostClass::High), ..ResourcePatch::default() };
        let change = update(&resource()?, patch, now).ok_or("a change")?;
        let after = change.after().ok_or("a resource")?;
        assert_eq!((after.cost_class, after.version, after.updated_at), (CostClass::High, 2, now));
        assert_eq!(
            (after.name.owned(), after.created_at),
            ("Support".to_owned(), DateTime::UNIX_EPOCH)
        );
        Ok(())
    }

    #[test]
    fn equal_values_change_nothing() -> Result<(), InvalidError> {
        let patch = ResourcePatch {
            name: Some(ResourceName::parse(" Support ")?),
            ..ResourcePatch::default()
        };
        assert!(update(&resource()?, patch, DateTime::UNIX_EPOCH).is_none());
        assert!(update(&resource()?, ResourcePatch::default(), DateTime::UNIX_EPOCH).is_none());
        Ok(())
    }

    #[test]
    fn names_and_words_have_limits() {
        let code = |name: &str| ResourceName::parse(name).err().map(|invalid| invalid.code);
        assert_eq!(code("support@example.com https://example.com"), None);
        assert_eq!(code(&"é".repeat(128)), None);
        assert_eq!(code(&"é".repeat(129)), Some("too_long"));
        assert_eq!(code(" "), Some("empty"));
        assert_eq!(code("a\u{202E}b"), Some("forbidden_characters"));
        assert_eq!(
            serde_json::from_str::<ResourceKind>("\"knowledge_base\"").ok(),
            Some(ResourceKind::KnowledgeBase)
        );
        for bad in ["\"Agent\"", "\"\"", "{\"agent\":null}", "null"] {
            assert!(serde_json::from_str::<ResourceKind>(bad).is_err(), "{bad}");
        }
    }
}
