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
//! | the organization's budget | `ORG#<org>` | `BUDGET` |
//! | changes of a day that the owners got mails about | `ORG#<org>` | `TOLD#yyyy-mm-dd` |
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
//! | hour | `USE#<org>#H#yyyy-mm-dd` | `hh#<shard>` |
//! | day | `USE#<org>#D#yyyy-mm` | `dd#<shard>` |
//! | month | `USE#<org>#T#yyyy-mm` | `<shard>` |
//! | day of a resource, of a member | `USE#<org>#R#yyyy-mm`, `USE#<org>#M#yyyy-mm` | `dd#<hash of its id>#<shard>` |
//! | day that an account pays for | `ACC#<account>#D#yyyy-mm` | `dd#<org>#<shard>` |
//! | the same of a resource, of a member | `ACC#<account>#R#yyyy-mm`, `ACC#<account>#M#yyyy-mm` | `dd#<hash of its id>#<shard>` |
//! | that a threshold of the budget was told of | `USE#<org>#T#yyyy-mm` | `FIRED#<percent>` |

use chrono::{DateTime, Utc};
use orgs_domain::resource::ResourceKind;
use orgs_domain::window::Window;
use orgs_domain::{
    AccountId, AuditId, EmailKey, InvitationId, OrgId, ResourceId, Role, UserId, text,
};

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
pub const USER_MEMBERSHIPS: &str = "ORG#";

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
pub fn user_membership(user: &UserId, org: &OrgId) -> Key {
    key(user_partition(user), format!("{USER_MEMBERSHIPS}{org}"))
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
    key(address_partition(email), format!("{USER_MEMBERSHIPS}{org}"))
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

/// An organization's budget.
#[must_use]
pub fn budget(org: &OrgId) -> Key {
    key(org_partition(org), "BUDGET")
}

/// The changes on the day of `at` that the organization's owners got mails about.
#[must_use]
pub fn billing_notices(org: &OrgId, at: DateTime<Utc>) -> Key {
    key(org_partition(org), format!("TOLD#{}", at.format("%Y-%m-%d")))
}

/// That an organization is to be purged from `at` on. Times of one length sort as they follow each
/// other.
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
pub fn scan_progress(segment: u8) -> Key {
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

/// Whose usage counters add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ledger<'a> {
    /// An organization's own.
    Org(&'a OrgId),
    /// What an account pays for.
    Account(&'a AccountId),
}

/// What counters tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CounterSeries {
    /// Hours, by kind: an organization's alone.
    Hours,
    /// Days, by kind; an account's by organization too.
    Days,
    /// Months, by kind: an organization's alone.
    Months,
    /// Days, by resource.
    Resources,
    /// Days, by member.
    Members,
}

impl CounterSeries {
    /// The window of its counters.
    #[must_use]
    pub fn window(self) -> Window {
        match self {
            Self::Hours => Window::Hour,
            Self::Days | Self::Resources | Self::Members => Window::Day,
            Self::Months => Window::Month,
        }
    }

    /// The stretch of time that one partition holds.
    #[must_use]
    pub fn partition(self) -> Window {
        if self == Self::Hours { Window::Day } else { Window::Month }
    }
}

/// The partition of a ledger's counters that `at` lies in.
#[must_use]
pub fn rollup_partition(ledger: Ledger<'_>, series: CounterSeries, at: DateTime<Utc>) -> String {
    let (letter, date) = match series {
        CounterSeries::Hours => ("H", "%Y-%m-%d"),
        CounterSeries::Days => ("D", "%Y-%m"),
        CounterSeries::Months => ("T", "%Y-%m"),
        CounterSeries::Resources => ("R", "%Y-%m"),
        CounterSeries::Members => ("M", "%Y-%m"),
    };
    let date = at.format(date);
    match ledger {
        Ledger::Org(org) => format!("USE#{org}#{letter}#{date}"),
        Ledger::Account(account) => format!("ACC#{account}#{letter}#{date}"),
    }
}

/// How the sort keys of the counters of the window that starts at `start` begin.
#[must_use]
pub fn rollup_sort(series: CounterSeries, start: DateTime<Utc>) -> String {
    match series {
        CounterSeries::Hours => start.format("%H#").to_string(),
        CounterSeries::Days | CounterSeries::Resources | CounterSeries::Members => {
            start.format("%d#").to_string()
        }
        CounterSeries::Months => String::new(),
    }
}

/// How the sort keys begin that say which thresholds of a budget were told of.
pub const BUDGET_ALERT: &str = "FIRED#";

/// That a threshold of a budget was told of in the month that `at` lies in.
#[must_use]
pub fn budget_alert(org: &OrgId, at: DateTime<Utc>, percent: u16) -> Key {
    key(
        rollup_partition(Ledger::Org(org), CounterSeries::Months, at),
        format!("{BUDGET_ALERT}{percent}"),
    )
}
