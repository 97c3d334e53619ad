//! Ids: a prefix and a UUID of version 7 without dashes, so that an id says what it names and sorts
//! by its age.

use std::fmt;

use uuid::Uuid;

use crate::invalid::{InvalidError, text_value};

macro_rules! prefixed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// An id around a fresh UUID.
            #[must_use]
            pub fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            #[must_use]
            pub fn uuid(&self) -> Uuid {
                self.0
            }

            /// Reads an id in its one spelling: the prefix, then 32 lower case hex digits.
            ///
            /// # Errors
            /// Anything else is `invalid_id`.
            pub fn parse(text: &str) -> Result<Self, InvalidError> {
                text.strip_prefix($prefix)
                    .filter(|hex| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
                    .and_then(|hex| Uuid::try_parse(hex).ok())
                    .map(Self)
                    .ok_or_else(|| InvalidError::new("invalid_id", concat!("an id here is `", $prefix, "` and 32 hex digits")))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        text_value!($name, to_string);
    };
}

prefixed_id!(
    /// Names an organization: `org_…`.
    OrgId, "org_"
);
prefixed_id!(
    /// Names an invitation: `inv_…`.
    InvitationId, "inv_"
);
prefixed_id!(
    /// Names a resource: `res_…`.
    ResourceId, "res_"
);
prefixed_id!(
    /// Names an audit record, which is also a domain event: `aud_…`.
    AuditId, "aud_"
);

/// Who signs in: the `sub` of the identity provider, taken as it is (1 to 255 printable ASCII
/// characters).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(String);

impl UserId {
    /// Reads a user id.
    ///
    /// # Errors
    /// `invalid_user_id` unless it is 1 to 255 printable ASCII characters.
    pub fn parse(text: &str) -> Result<Self, InvalidError> {
        // Clients that normalize paths cannot name `.` and `..`.
        if (1..=255).contains(&text.len())
            && text.bytes().all(|b| (b' '..=b'~').contains(&b))
            && !matches!(text, "." | "..")
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidError::new(
                "invalid_user_id",
                "a user id is 1 to 255 printable ASCII characters, and neither `.` nor `..`",
            ))
        }
    }

    /// The id as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_value!(UserId, to_string);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_wrote() {
        let id = OrgId::new(Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_00ff));
        assert_eq!(id.to_string(), "org_01980000000070008000000000 0000ff".replace(' ', ""));
        assert_eq!(OrgId::parse(&id.to_string()), Ok(id));
    }

    #[test]
    fn an_id_has_one_spelling() {
        for bad in [
            "",
            "org_",
            "inv_01980000000070008000000000000000",
            "org_0198000000007000800000000000000",
            "org_01980000-0000-7000-8000-000000000000",
            "org_0198000000007000800000000000000G",
            "ORG_01980000000070008000000000000000",
            "org_0198000000007000800000000000000A",
            "org_01980000000070008000000000000000 ",
        ] {
            assert!(OrgId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_user_id_is_whatever_the_identity_provider_says() {
        assert!(UserId::parse("auth0|65f0 x").is_ok());
        assert!(UserId::parse(&"a".repeat(255)).is_ok());
        for bad in ["", "é", "a\n", &"a".repeat(256)] {
            assert!(UserId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
