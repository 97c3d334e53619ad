//! Ids: a prefix and a UUID of version 7 without dashes. The prefix shows the type of the object,
//! and ids sort by creation time.

use std::fmt;

use uuid::Uuid;

use crate::invalid::{InvalidError, text_value};

macro_rules! prefixed_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Creates an id from a new UUID.
            #[must_use]
            pub fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Returns the UUID without the prefix.
            #[must_use]
            pub fn uuid(&self) -> Uuid {
                self.0
            }

            /// Parses an id. The only valid form is the prefix and 32 lowercase hex digits.
            ///
            /// # Errors
            /// Returns `invalid_id` for any other text.
            pub fn parse(text: &str) -> Result<Self, InvalidError> {
                text.strip_prefix($prefix)
                    .filter(|hex| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
                    .and_then(|hex| Uuid::try_parse(hex).ok())
                    .map(Self)
                    .ok_or_else(|| InvalidError::new("invalid_id", concat!("must be `", $prefix, "` and 32 lowercase hex digits")))
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
    /// The id of an organization, such as `org_019ab3c0d5e07f10a2b3c4d5e6f70812`.
    OrgId, "org_"
);
prefixed_id!(
    /// The id of an invitation, such as `inv_019ab3c0d5e07f10a2b3c4d5e6f70813`.
    InvitationId, "inv_"
);
prefixed_id!(
    /// The id of a resource, such as `res_019ab3c0d5e07f10a2b3c4d5e6f70814`.
    ResourceId, "res_"
);
prefixed_id!(
    /// The id of an audit record and of its event, such as
    /// `aud_019ab3c0d5e07f10a2b3c4d5e6f70815`.
    AuditId, "aud_"
);

/// The id of a person or service client: the token's `sub`, unchanged. It has 1 to 255 printable
/// ASCII characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(String);

impl UserId {
    /// Parses a user id.
    ///
    /// # Errors
    /// Returns `invalid_user_id` unless the text is 1 to 255 printable ASCII characters and neither
    /// `.` nor `..`.
    pub fn parse(text: &str) -> Result<Self, InvalidError> {
        // Clients that normalize URL paths would remove the segments `.` and `..`.
        if (1..=255).contains(&text.len())
            && text.bytes().all(|b| (b' '..=b'~').contains(&b))
            && !matches!(text, "." | "..")
            // The account of an organization is derived from its id, like that of a person.
            && OrgId::parse(text).is_err()
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidError::new(
                "invalid_user_id",
                "must be 1 to 255 printable ASCII characters, neither `.` nor `..`, and not an organization id",
            ))
        }
    }

    /// Returns the id as the token has it.
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

/// The id of a hold, which the service client chooses. It is unique in the organization.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HoldId(String);

impl HoldId {
    /// Parses the id of a hold.
    ///
    /// # Errors
    /// Returns `invalid_hold_id` unless the text is 1 to 128 printable ASCII characters and neither
    /// `.` nor `..`.
    pub fn parse(text: &str) -> Result<Self, InvalidError> {
        // Clients that normalize URL paths would remove the segments `.` and `..`.
        if (1..=128).contains(&text.len())
            && text.bytes().all(|b| (b' '..=b'~').contains(&b))
            && !matches!(text, "." | "..")
        {
            return Ok(Self(text.to_owned()));
        }
        Err(InvalidError::new(
            "invalid_hold_id",
            "must be 1 to 128 printable ASCII characters, neither `.` nor `..`",
        ))
    }

    /// Returns the id as the service client sent it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HoldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_value!(HoldId, to_string);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_a_round_trip() {
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
    fn a_user_id_is_1_to_255_printable_ascii_characters() {
        assert!(UserId::parse("auth0|65f0 x").is_ok());
        assert!(UserId::parse(&"a".repeat(255)).is_ok());
        assert!(UserId::parse("org_1").is_ok());
        for bad in ["", "é", "a\n", &"a".repeat(256), "org_01980000000070008000000000000000"] {
            assert!(UserId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
