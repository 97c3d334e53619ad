//! Every key of both tables.
//!
//! | item (`core`) | PK | SK |
//! |---|---|---|
//! | organization | `ORG#<org>` | `META` |
//! | member | `ORG#<org>` | `MEM#<user>` |
//! | invitation | `ORG#<org>` | `INV#<invitation>` |
//! | my organizations (mirror of the member) | `USER#<user>` | `ORG#<org>` |
//! | user profile | `USER#<user>` | `PROFILE` |
//! | address lock | `EMAIL#<address key>` | `ORG#<org>` |
//! | mail block | `EMAIL#<address key>` | `BLOCK` |
//! | audit record | `ORG#<org>#AUD` | `<audit id>` |
//! | idempotency record | `IDEM#<hash>` | `IDEM` |
//! | resource | `ORG#<org>#RES` | `<resource>` |
//! | the organization's own policies | `ORG#<org>` | `POLICIES` |
//! | that an organization is to be purged | `PURGE` | `<time>#<org>` |
//! | rate counter | `RL#<scope>#<window>` | `RL` |
//! | how far a pass over all organizations is | `RECOUNT` | `<segment>` |
//!
//! Entries of the index `listing` (`LPK`, `LSK`), of keys alone:
//!
//! | entry | of | LPK | LSK |
//! |---|---|---|---|
//! | members by role | member | `ORG#<org>#ROLE#<role>` | `<user>` |
//! | members by name | mirror | `ORG#<org>#NAME` | `<folded name>` U+0001 `<user>` |
//! | resources by kind | resource | `ORG#<org>#RES#<kind>` | `<resource>` |
//! | members by address | address lock | `ORG#<org>#ADDRESS` | `<address>` U+0001 `<user>` |
//!
//! | item (`usage`) | PK | SK |
//! |---|---|---|
//! | event | `UEV#<org>#<2 hex of hash>` | `<hash of the event's id>` |
//! | hour | `USE#<org>#H#yyyy-mm-dd` | `hh#<kind>#<shard>` |
//! | day | `USE#<org>#D#yyyy-mm` | `dd#<kind>#<shard>` |
//! | month | `USE#<org>#T#yyyy-mm` | `<kind>#<shard>` |

use chrono::{DateTime, Utc};
use orgs_domain::resource::ResourceKind;
use orgs_domain::window::Window;
use orgs_domain::{AuditId, EmailKey, InvitationId, OrgId, ResourceId, Role, UserId, text};

/// The primary key of an item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

fn key(pk: String, sk: impl Into<String>) -> Key {
    Key { pk, sk: sk.into() }
}

/// How the sort keys of an organization's members begin.
pub const MEMBERS: &str = "MEM#";
/// The sort key of an organization itself.
pub const META: &str = "META";
/// How the sort keys of an organization's invitations begin.
pub const INVITATIONS: &str = "INV#";
/// How the sort keys of an organization's resources begin.
pub const RESOURCES: &str = "res_";
/// How the sort keys of an organization's audit records begin.
pub const AUDIT: &str = "aud_";
/// The partition of the organizations that are to be purged.
pub const PURGE: &str = "PURGE";
/// How the sort keys of a user's, or an address's, organizations begin.
pub const MIRRORS: &str = "ORG#";

/// The partition of an organization.
#[must_use]
pub fn org_partition(org: &OrgId) -> String {
    format!("ORG#{org}")
}

/// The partition of a user.
#[must_use]
pub fn user_partition(user: &UserId) -> String {
    format!("USER#{user}")
}

/// The organization itself.
#[must_use]
pub fn org(org: &OrgId) -> Key {
    key(org_partition(org), META)
}

/// A member.
#[must_use]
pub fn member(org: &OrgId, user: &UserId) -> Key {
    key(org_partition(org), format!("{MEMBERS}{user}"))
}

/// An invitation.
#[must_use]
pub fn invitation(org: &OrgId, invitation: &InvitationId) -> Key {
    key(org_partition(org), format!("{INVITATIONS}{invitation}"))
}

/// A user's own entry for an organization.
#[must_use]
pub fn mirror(user: &UserId, org: &OrgId) -> Key {
    key(user_partition(user), format!("{MIRRORS}{org}"))
}

/// A user's counts.
#[must_use]
pub fn profile(user: &UserId) -> Key {
    key(user_partition(user), "PROFILE")
}

/// The partition of an address.
#[must_use]
pub fn address_partition(email: &EmailKey) -> String {
    format!("EMAIL#{email}")
}

/// What an address is to an organization.
#[must_use]
pub fn address(email: &EmailKey, org: &OrgId) -> Key {
    key(address_partition(email), format!("{MIRRORS}{org}"))
}

/// That an address gets no invitations.
#[must_use]
pub fn block(email: &EmailKey) -> Key {
    key(address_partition(email), "BLOCK")
}

/// The index's partition of the members with a role.
#[must_use]
pub fn members_by_role(org: &OrgId, role: Role) -> String {
    format!("ORG#{org}#ROLE#{role}")
}

/// The index's partition of the members by name.
#[must_use]
pub fn members_by_name(org: &OrgId) -> String {
    format!("ORG#{org}#NAME")
}

/// The index's partition of the members by address.
#[must_use]
pub fn members_by_address(org: &OrgId) -> String {
    format!("ORG#{org}#ADDRESS")
}

/// An organization's own policies.
#[must_use]
pub fn policies(org: &OrgId) -> Key {
    key(org_partition(org), "POLICIES")
}

/// That an organization is to be purged from `at` on. Times of one length sort as they follow each other.
#[must_use]
pub fn due_purge(org: &OrgId, at: DateTime<Utc>) -> Key {
    key(PURGE.to_owned(), format!("{}#{org}", due(at)))
}

/// A time in the keys of what is due.
#[must_use]
pub fn due(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// The partition of an organization's resources.
#[must_use]
pub fn resources(org: &OrgId) -> String {
    format!("ORG#{org}#RES")
}

/// The index's partition of the resources of a kind.
#[must_use]
pub fn resources_by_kind(org: &OrgId, kind: ResourceKind) -> String {
    format!("ORG#{org}#RES#{kind}")
}

/// A resource.
#[must_use]
pub fn resource(org: &OrgId, resource: &ResourceId) -> Key {
    key(resources(org), resource.to_string())
}

/// The partition of an organization's audit records.
#[must_use]
pub fn audit_partition(org: &OrgId) -> String {
    format!("ORG#{org}#AUD")
}

/// An audit record.
#[must_use]
pub fn audit(org: &OrgId, audit: &AuditId) -> Key {
    key(audit_partition(org), audit.to_string())
}

/// How far the pass over a segment of all organizations is.
#[must_use]
pub fn pass(segment: u8) -> Key {
    key("RECOUNT".to_owned(), segment.to_string())
}

/// An idempotency record.
#[must_use]
pub fn idempotency(hash: &str) -> Key {
    key(format!("IDEM#{hash}"), "IDEM")
}

/// How many invitations a person sent in the hour that starts at `start` (seconds since 1970).
#[must_use]
pub fn sender_rate(user: &UserId, start: i64) -> Key {
    key(format!("RL#sender#{}#{start}", text::short_hash(user.as_str())), "RL")
}

/// How many invitations an address got on the day that starts at `start` (seconds since 1970).
#[must_use]
pub fn recipient_rate(email: &EmailKey, start: i64) -> Key {
    key(format!("RL#recipient#{email}#{start}"), "RL")
}

/// A usage event. Its id is hashed, so that it can hold any character and the partitions are even.
#[must_use]
pub fn usage_event(org: &OrgId, id: &str) -> Key {
    let hash = text::hex(&text::sha256(id.as_bytes()));
    key(format!("UEV#{org}#{}", &hash[..2]), hash)
}

/// The partition of the rollups of one window length that `at` lies in.
#[must_use]
pub fn rollup_partition(org: &OrgId, window: Window, at: DateTime<Utc>) -> String {
    match window {
        Window::Hour => format!("USE#{org}#H#{}", at.format("%Y-%m-%d")),
        Window::Day => format!("USE#{org}#D#{}", at.format("%Y-%m")),
        Window::Month => format!("USE#{org}#T#{}", at.format("%Y-%m")),
    }
}

/// How the sort keys of the rollups of the window that starts at `start` begin.
#[must_use]
pub fn rollup_sort(window: Window, start: DateTime<Utc>) -> String {
    match window {
        Window::Hour => start.format("%H#").to_string(),
        Window::Day => start.format("%d#").to_string(),
        Window::Month => String::new(),
    }
}

/// One counter shard of the rollup of a kind in the window that starts at `start`. A kind holds no `#`.
#[must_use]
pub fn rollup(org: &OrgId, window: Window, start: DateTime<Utc>, kind: &str, shard: u8) -> Key {
    key(rollup_partition(org, window, start), format!("{}{kind}#{shard}", rollup_sort(window, start)))
}
