//! The secrets in an invitation's mail: one in the link that opens the invitation, one in the link
//! that ends such mail.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::id::{InvitationId, OrgId};
use crate::text;

/// 32 random bytes. They exist in the mail alone; only their hash is stored.
pub struct Secret([u8; 32]);

/// The SHA-256 of a [`Secret`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretHash([u8; 32]);

/// The system gave no randomness.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("no randomness from the system")]
pub struct NoRandomnessError;

impl Secret {
    /// A fresh secret.
    ///
    /// # Errors
    /// [`NoRandomnessError`].
    pub fn generate() -> Result<Self, NoRandomnessError> {
        let mut bytes = [0; 32];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| NoRandomnessError)?;
        Ok(Self(bytes))
    }

    /// What is stored in its place.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        SecretHash(text::sha256(&self.0))
    }
}

impl SecretHash {
    /// A hash as it was stored; nothing when it is not 32 bytes long.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether this hash is among `stored`, in a time that does not depend on what is stored.
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

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Seeing, accepting and declining an invitation: `inv1.…`.
    Invitation,
    /// Ending invitation mails to its address: `out1.…`.
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

/// What a link in an invitation's mail carries: `inv1.<org uuid><invitation uuid>.<secret in
/// base64url>`, or the same with `out1`.
///
/// It carries the ids, so that a link is looked up by its keys, and the secret, which is compared
/// by its hash.
#[derive(Debug)]
pub struct LinkToken {
    /// The organization.
    pub org_id: OrgId,
    /// The invitation.
    pub invitation_id: InvitationId,
    /// The proof that the bearer has the mail.
    pub secret: Secret,
}

impl LinkToken {
    /// Reads a token for a purpose in its one spelling; nothing when it is not one.
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

    /// The token's text: the one place where the secret is written out, for the mail.
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
    fn a_token_reads_back_what_it_wrote() {
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
    fn a_token_is_good_for_its_own_purpose() {
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
