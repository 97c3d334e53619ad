//! The change of an optional field: keep, clear or set.

use serde::{Deserialize, Deserializer};

/// The change of an optional field. In JSON, an absent field keeps the value, null clears it, and
/// any other value sets it. The field needs `#[serde(default)]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Keeps the current value. This is the default.
    #[default]
    Keep,
    /// Removes the value.
    Clear,
    /// Replaces the value.
    Set(T),
}

impl<T> Patch<T> {
    /// Applies the change to `before` and returns the new value.
    #[must_use]
    pub fn of(self, before: Option<&T>) -> Option<T>
    where
        T: Clone,
    {
        match self {
            Self::Keep => before.cloned(),
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}
