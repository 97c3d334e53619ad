//! The error of a value that failed to parse.

/// An invalid value, described by a stable code for API clients and a sentence for people.
///
/// The sentence is lower case, has no full stop, and quotes user input in backticks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct InvalidError {
    /// A stable code in `snake_case`, such as `too_long`.
    pub code: &'static str,
    /// A sentence that tells a person what is wrong.
    pub detail: String,
}

impl InvalidError {
    /// Creates the error from its code and its sentence.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// Implements `Serialize` and `Deserialize` for a type that is parsed from text. Deserializing
/// calls the type's `parse`, so serde never produces an invalid value.
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
