//! What members share: agents, knowledge bases and sources.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::{OrgId, ResourceId, UserId};
use crate::invalid::{InvalidError, text_value};
use crate::name::Metadata;
use crate::text;

/// A closed set of words; serde itself would also read `{"word": null}`.
macro_rules! words {
    ($(#[$doc:meta])* $set:ident($refusal:literal) { $($(#[$word_doc:meta])* $word:ident => $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case", try_from = "String")]
        pub enum $set { $($(#[$word_doc])* $word,)* }

        impl $set {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$word,)*];

            /// The word on the wire.
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
    /// What a resource is.
    ResourceKind("must be `agent`, `knowledge_base` or `source`") {
        /// A program that works for the members.
        Agent => "agent",
        /// What agents know.
        KnowledgeBase => "knowledge_base",
        /// Where knowledge comes from.
        Source => "source",
    }
}

words! {
    /// What using a resource costs, roughly: who may create one of class `high` is a setting of the
    /// organization.
    CostClass("must be `standard` or `high`") {
        /// As usual.
        Standard => "standard",
        /// Much more.
        High => "high",
    }
}

/// A resource's name: 1 to 128 characters after NFC and trimming, without control, bidirectional or
/// zero-width characters. Not unique.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceName(String);

impl ResourceName {
    /// Reads a name.
    ///
    /// # Errors
    /// `empty`, `too_long` or `forbidden_characters`.
    pub fn parse(name: &str) -> Result<Self, InvalidError> {
        let name = text::normalized(name);
        if name.is_empty() {
            return Err(InvalidError::new("empty", "must not be empty"));
        }
        text::at_most(&name, 128)?;
        if name.chars().any(text::is_deceptive) {
            return Err(InvalidError::new(
                "forbidden_characters",
                "must hold no control, bidirectional or zero-width character",
            ));
        }
        Ok(Self(name))
    }

    fn owned(&self) -> String {
        self.0.clone()
    }
}

text_value!(ResourceName, owned);

/// A resource, as it is stored and on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Resource {
    /// `res_` and 32 hex digits.
    #[schema(value_type = String, example = "res_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub id: ResourceId,
    /// The organization whose members share it.
    #[schema(value_type = String, example = "org_019ab3c0d5e07f10a2b3c4d5e6f70812")]
    pub org_id: OrgId,
    /// What it is; never changes.
    pub kind: ResourceKind,
    /// 1 to 128 characters; not unique.
    #[schema(value_type = String, min_length = 1, max_length = 128, example = "Support agent")]
    pub name: ResourceName,
    /// What using it costs.
    pub cost_class: CostClass,
    /// The deployer's own values: at most 20, keys of at most 40 characters, values of at most 500.
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"model": "large"}))]
    pub metadata: Metadata,
    /// The user id of who created it.
    #[schema(value_type = String, example = "auth0|65f0c1")]
    pub created_by: UserId,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// 1 at creation, one more with each change.
    #[schema(example = 1)]
    pub version: u32,
}

/// What is to be different about a resource; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the resource's")]
pub struct ResourcePatch {
    pub name: Option<ResourceName>,
    pub cost_class: Option<CostClass>,
    pub metadata: Option<Metadata>,
}

/// The decision that a resource comes, changes or goes.
#[must_use = "a decision changes nothing until it is committed"]
#[derive(Debug)]
pub struct ResourceChange {
    resource: Resource,
    before: Option<Resource>,
    after: Option<Resource>,
}

impl ResourceChange {
    /// The resource, as it will be or, where it goes, as it was.
    #[must_use]
    pub fn resource(&self) -> &Resource {
        &self.resource
    }

    /// The resource as it was read; nothing where it is new.
    #[must_use]
    pub fn before(&self) -> Option<&Resource> {
        self.before.as_ref()
    }

    /// The resource as it will be; nothing where it goes.
    #[must_use]
    pub fn after(&self) -> Option<&Resource> {
        self.after.as_ref()
    }
}

/// A new resource.
pub fn create(resource: Resource) -> ResourceChange {
    ResourceChange { before: None, after: Some(resource.clone()), resource }
}

/// Changes a resource; nothing to do where it is already so.
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

/// A resource goes.
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
    fn a_change_raises_the_version_and_keeps_what_is_not_said()
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
    fn what_is_already_so_changes_nothing() -> Result<(), InvalidError> {
        let patch = ResourcePatch {
            name: Some(ResourceName::parse(" Support ")?),
            ..ResourcePatch::default()
        };
        assert!(update(&resource()?, patch, DateTime::UNIX_EPOCH).is_none());
        assert!(update(&resource()?, ResourcePatch::default(), DateTime::UNIX_EPOCH).is_none());
        Ok(())
    }

    #[test]
    fn names_and_words_have_their_limits() {
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
