//! Why a value was refused.

/// A refused value: a stable code for programs and a sentence for people.
///
/// The sentence is lower case, has no full stop, and quotes user input in backticks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct InvalidError {
    /// A stable code in `snake_case`, such as `too_long`.
    pub code: &'static str,
    /// What is wrong, for a person.
    pub detail: String,
}

impl InvalidError {
    /// Refuses a value.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// Serialises a parsed text value as its string and parses it on the way in, so that a bad value
/// never gets past serde.
macro_rules! text_value {
    ($name:ident, $as_str:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.$as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use text_value;
