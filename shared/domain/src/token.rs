//! The secret tokens in the links of an invitation mail: one link opens the invitation, the other
//! one opts out of invitation mails.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::id::{InvitationId, OrgId};
use crate::text;

/// A secret of 32 random bytes. Only the mail contains it; the table stores its hash.
pub struct Secret([u8; 32]);

/// The SHA-256 hash of a [`Secret`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretHash([u8; 32]);

/// The error that the operating system provided no random bytes.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the operating system provided no random bytes")]
pub struct NoRandomnessError;

impl Secret {
    /// Generates a new secret.
    ///
    /// # Errors
    /// Returns [`NoRandomnessError`] if the operating system provides no random bytes.
    pub fn generate() -> Result<Self, NoRandomnessError> {
        let mut bytes = [0; 32];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| NoRandomnessError)?;
        Ok(Self(bytes))
    }

    /// Returns the hash, which is stored instead of the secret.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash(text::sha256(&self.0))
    }
}

impl SecretHash {
    /// Creates a hash from its stored bytes. Returns `None` unless there are 32.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Returns the 32 bytes of the hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns true if `stored` contains this hash. The comparison takes constant time for a given
    /// number of hashes.
    #[must_use]
    pub fn is_among(&self, stored: &[Self]) -> bool {
        stored
            .iter()
            .fold(subtle::Choice::from(0), |found, one| found | one.0.ct_eq(&self.0))
            .into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// The purpose of a token, which its prefix shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Reading, accepting and declining an invitation. The prefix is `inv1.`.
    Invitation,
    /// Opting out of invitation mails to the address. The prefix is `out1.`.
    OptOut,
}

impl Purpose {
    fn prefix(self) -> &'static str {
        match self {
            Self::Invitation => "inv1.",
            Self::OptOut => "out1.",
        }
    }
}

/// The token in a link of an invitation mail: `inv1.<org uuid><invitation uuid>.<secret in
/// base64url>`, or the same with `out1`.
///
/// The ids are the key to load the invitation. The secret is compared by its hash.
#[derive(Debug)]
pub struct LinkToken {
    /// The id of the organization.
    pub org_id: OrgId,
    /// The id of the invitation.
    pub invitation_id: InvitationId,
    /// The secret, which proves that the caller has the mail.
    pub secret: Secret,
}

impl LinkToken {
    /// Parses a token for `purpose`. Returns `None` for any text that [`Self::reveal`] does not
    /// produce for this purpose.
    #[must_use]
    pub fn parse(purpose: Purpose, token: &str) -> Option<Self> {
        let (ids, secret) = token.strip_prefix(purpose.prefix())?.split_once('.')?;
        if ids.len() != 64 || !ids.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        {
            return None;
        }
        let (org, invitation) = ids.split_at(32);
        Some(Self {
            org_id: OrgId::new(Uuid::try_parse(org).ok()?),
            invitation_id: InvitationId::new(Uuid::try_parse(invitation).ok()?),
            secret: Secret(BASE64.decode(secret).ok()?.try_into().ok()?),
        })
    }

    /// Returns the token as text for the mail. No other function writes the secret.
    #[must_use]
    pub fn reveal(&self, purpose: Purpose) -> String {
        format!(
            "{}{}{}.{}",
            purpose.prefix(),
            self.org_id.uuid().simple(),
            self.invitation_id.uuid().simple(),
            BASE64.encode(self.secret.0)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> LinkToken {
        LinkToken {
            org_id: OrgId::new(Uuid::from_u128(1)),
            invitation_id: InvitationId::new(Uuid::from_u128(2)),
            secret: Secret([255; 32]),
        }
    }

    #[test]
    fn a_token_survives_a_round_trip() {
        let text = token().reveal(Purpose::Invitation);
        assert_eq!(
            text,
            "inv1.0000000000000000000000000000000100000000000000000000000000000002.__________________________________________8"
        );
        let read = LinkToken::parse(Purpose::Invitation, &text)
            .map(|read| (read.org_id, read.invitation_id, read.secret.hash()));
        assert_eq!(read, Some((token().org_id, token().invitation_id, token().secret.hash())));
    }

    #[test]
    fn a_token_has_one_spelling() {
        let good = token().reveal(Purpose::Invitation);
        let ends_otherwise = format!("{}9", &good[..good.len() - 1]);
        for bad in [
            "",
            "inv1.",
            "inv1..",
            "inv2.x.y",
            &good[..good.len() - 1],
            &format!("{good}="),
            &format!("{good}A"),
            &good.replace('1', "g"),
            &ends_otherwise,
        ] {
            assert!(LinkToken::parse(Purpose::Invitation, bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_token_is_valid_only_for_its_purpose() {
        let out = token().reveal(Purpose::OptOut);
        assert!(out.starts_with("out1."), "{out}");
        assert!(LinkToken::parse(Purpose::OptOut, &out).is_some());
        assert!(LinkToken::parse(Purpose::Invitation, &out).is_none());
        assert!(LinkToken::parse(Purpose::OptOut, &token().reveal(Purpose::Invitation)).is_none());
    }

    #[test]
    fn a_secret_is_matched_by_its_hash_and_never_printed() {
        let hash = token().secret.hash();
        assert!(hash.is_among(&[Secret([1; 32]).hash(), hash]));
        assert!(!hash.is_among(&[Secret([1; 32]).hash()]));
        assert!(!hash.is_among(&[]));
        assert_eq!(format!("{:?}", token().secret), "Secret(..)");
    }
}
