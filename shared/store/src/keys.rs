//! The keys of every item in both tables.
//!
//! | item (`core`) | PK | SK |
//! |---|---|---|
//! | organization | `ORG#<org>` | `META` |
//! | member | `ORG#<org>` | `MEM#<user>` |
//! | invitation | `ORG#<org>` | `INV#<invitation>` |
//! | user membership (the user's entry for an organization) | `USER#<user>` | `ORG#<org>` |
//! | user profile | `USER#<user>` | `PROFILE` |
//! | address lock | `EMAIL#<address key>` | `ORG#<org>` |
//! | mail block | `EMAIL#<address key>` | `BLOCK` |
//! | audit record | `ORG#<org>#AUD` | `<audit id>` |
//! | idempotency record | `IDEM#<hash>` | `IDEM` |
//! | resource | `ORG#<org>#RES` | `<resource>` |
//! | organization policies | `ORG#<org>` | `POLICIES` |
//! | budget | `ORG#<org>` | `BUDGET` |
//! | changes of a day that the owners were mailed about | `ORG#<org>` | `TOLD#yyyy-mm-dd` |
//! | pending purge of an organization | `PURGE` | `<time>#<org>` |
//! | rate counter | `RL#<scope>#<window>` | `RL` |
//! | progress of the recount of all organizations | `RECOUNT` | `<segment>` |
//!
//! Entries of the index `listing` (`LPK`, `LSK`), which contains keys only:
//!
//! | entry | item | LPK | LSK |
//! |---|---|---|---|
//! | members by role | member | `ORG#<org>#ROLE#<role>` | `<user>` |
//! | members by name | user membership | `ORG#<org>#NAME` | `<folded name>` U+0001 `<user>` |
//! | resources by kind | resource | `ORG#<org>#RES#<kind>` | `<resource>` |
//! | members by address | address lock | `ORG#<org>#ADDRESS` | `<address>` U+0001 `<user>` |
//!
//! | item (`usage`) | PK | SK |
//! |---|---|---|
//! | event | `UEV#<org>#<2 hex of hash>` | `<hash of the event's id>` |
//! | hour | `USE#<org>#H#yyyy-mm-dd` | `hh#<shard>` |
//! | day | `USE#<org>#D#yyyy-mm` | `dd#<shard>` |
//! | month | `USE#<org>#T#yyyy-mm` | `<shard>` |
//! | day of a resource | `USE#<org>#R#yyyy-mm` | `dd#<hash of its id>#<shard>` |
//! | day of a member | `USE#<org>#M#yyyy-mm` | `dd#<hash of its id>#<shard>` |
//! | day of an account | `ACC#<account>#D#yyyy-mm` | `dd#<org>#<shard>` |
//! | day of an account's resource | `ACC#<account>#R#yyyy-mm` | `dd#<hash of its id>#<shard>` |
//! | day of an account's member | `ACC#<account>#M#yyyy-mm` | `dd#<hash of its id>#<shard>` |
//! | adjustment of a closed month | `ACC#<account>#A#yyyy-mm` | `<closed month>#<org>#<shard>` |
//! | kinds of a month | `USE#<org>#K#yyyy-mm` | `!` |
//! | account with usage in a month | `BILL#yyyy-mm#<first digit of account>` | `<account>` |
//! | statement of an account | `STM#<account>#yyyy-mm` | `!` |
//! | lines of a statement | `STM#<account>#yyyy-mm` | `<number of 4 digits>` |
//! | budget alert (a threshold that was reached) | `USE#<org>#T#yyyy-mm` | `FIRED#<credits of the budget>#<percent>` |

use chrono::{DateTime, Utc};
use orgs_domain::resource::ResourceKind;
use orgs_domain::window::Window;
use orgs_domain::{
    AccountId, AuditId, EmailKey, HoldId, InvitationId, Month, OrgId, ResourceId, Role, UserId,
    text,
};

/// The primary key of an item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The partition key, attribute `PK`.
    pub pk: String,
    /// The sort key, attribute `SK`.
    pub sk: String,
}

fn key(pk: String, sk: impl Into<String>) -> Key {
    Key { pk, sk: sk.into() }
}

/// Prefix of the sort keys of an organization's members.
pub const MEMBERS: &str = "MEM#";
/// The sort key of the organization's own item.
pub const META: &str = "META";
/// Prefix of the sort keys of an organization's invitations.
pub const INVITATIONS: &str = "INV#";
/// Prefix of the sort keys of an organization's resources.
pub const RESOURCES: &str = "res_";
/// Prefix of the sort keys of an organization's audit records.
pub const AUDIT: &str = "aud_";
/// The partition of all pending purges.
pub const PURGE: &str = "PURGE";
/// Prefix of the sort keys of user memberships and of address locks.
pub const USER_MEMBERSHIPS: &str = "ORG#";

/// Returns the partition key of an organization.
#[must_use]
pub fn org_partition(org: &OrgId) -> String {
    format!("ORG#{org}")
}

/// Returns the partition key of a user.
#[must_use]
pub fn user_partition(user: &UserId) -> String {
    format!("USER#{user}")
}

/// Returns the key of an organization.
#[must_use]
pub fn org(org: &OrgId) -> Key {
    key(org_partition(org), META)
}

/// Returns the key of a member.
#[must_use]
pub fn member(org: &OrgId, user: &UserId) -> Key {
    key(org_partition(org), format!("{MEMBERS}{user}"))
}

/// Returns the key of an invitation.
#[must_use]
pub fn invitation(org: &OrgId, invitation: &InvitationId) -> Key {
    key(org_partition(org), format!("{INVITATIONS}{invitation}"))
}

/// Returns the key of a user membership: the user's entry for an organization.
#[must_use]
pub fn user_membership(user: &UserId, org: &OrgId) -> Key {
    key(user_partition(user), format!("{USER_MEMBERSHIPS}{org}"))
}

/// Returns the key of a user's profile, which counts the organizations that the user created.
#[must_use]
pub fn profile(user: &UserId) -> Key {
    key(user_partition(user), "PROFILE")
}

/// Returns the partition key of an email address.
#[must_use]
pub fn address_partition(email: &EmailKey) -> String {
    format!("EMAIL#{email}")
}

/// Returns the key of the lock of an address in an organization.
#[must_use]
pub fn address(email: &EmailKey, org: &OrgId) -> Key {
    key(address_partition(email), format!("{USER_MEMBERSHIPS}{org}"))
}

/// Returns the key of the block of an address, which stops all invitations to it.
#[must_use]
pub fn block(email: &EmailKey) -> Key {
    key(address_partition(email), "BLOCK")
}

/// Returns the index partition of the members with a role.
#[must_use]
pub fn members_by_role(org: &OrgId, role: Role) -> String {
    format!("ORG#{org}#ROLE#{role}")
}

/// Returns the index partition of the members by name.
#[must_use]
pub fn members_by_name(org: &OrgId) -> String {
    format!("ORG#{org}#NAME")
}

/// Returns the index partition of the members by address.
#[must_use]
pub fn members_by_address(org: &OrgId) -> String {
    format!("ORG#{org}#ADDRESS")
}

/// Returns the key of an organization's policies.
#[must_use]
pub fn policies(org: &OrgId) -> Key {
    key(org_partition(org), "POLICIES")
}

/// Returns the key of an organization's budget.
#[must_use]
pub fn budget(org: &OrgId) -> Key {
    key(org_partition(org), "BUDGET")
}

/// Returns the key of the item with the changes on the day of `at` that the owners were mailed
/// about.
#[must_use]
pub fn billing_notices(org: &OrgId, at: DateTime<Utc>) -> Key {
    key(org_partition(org), format!("TOLD#{}", at.format("%Y-%m-%d")))
}

/// Returns the key of a pending purge that is due at `at`. All times have the same length, so the
/// keys sort by time.
#[must_use]
pub fn due_purge(org: &OrgId, at: DateTime<Utc>) -> Key {
    key(PURGE.to_owned(), format!("{}#{org}", due(at)))
}

/// Formats a time for the sort key of a pending purge.
#[must_use]
pub fn due(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Returns the partition key of an organization's resources.
#[must_use]
pub fn resources(org: &OrgId) -> String {
    format!("ORG#{org}#RES")
}

/// Returns the index partition of the resources of a kind.
#[must_use]
pub fn resources_by_kind(org: &OrgId, kind: ResourceKind) -> String {
    format!("ORG#{org}#RES#{kind}")
}

/// Returns the key of a resource.
#[must_use]
pub fn resource(org: &OrgId, resource: &ResourceId) -> Key {
    key(resources(org), resource.to_string())
}

/// Returns the partition key of an organization's audit records.
#[must_use]
pub fn audit_partition(org: &OrgId) -> String {
    format!("ORG#{org}#AUD")
}

/// Returns the key of an audit record.
#[must_use]
pub fn audit(org: &OrgId, audit: &AuditId) -> Key {
    key(audit_partition(org), audit.to_string())
}

/// Returns the key of the scan progress of a segment of the table.
#[must_use]
pub fn scan_progress(segment: u8) -> Key {
    key("RECOUNT".to_owned(), segment.to_string())
}

/// Returns the key of an idempotency record.
#[must_use]
pub fn idempotency(hash: &str) -> Key {
    key(format!("IDEM#{hash}"), "IDEM")
}

/// Returns the key of the counter of invitations that a person sent in the hour that starts at
/// `start`, in seconds since 1970.
#[must_use]
pub fn sender_rate(user: &UserId, start: i64) -> Key {
    key(format!("RL#sender#{}#{start}", text::short_hash(user.as_str())), "RL")
}

/// Returns the key of the counter of invitations that an address received on the day that starts at
/// `start`, in seconds since 1970.
#[must_use]
pub fn recipient_rate(email: &EmailKey, start: i64) -> Key {
    key(format!("RL#recipient#{email}#{start}"), "RL")
}

/// Returns the key of a usage event. The event's id is hashed, so it may contain any character, and
/// the events are spread evenly over 256 partitions.
#[must_use]
pub fn usage_event(org: &OrgId, id: &str) -> Key {
    let hash = text::hex(&text::sha256(id.as_bytes()));
    key(format!("UEV#{org}#{}", &hash[..2]), hash)
}

/// The owner of usage counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ledger<'a> {
    /// The usage of an organization.
    Org(&'a OrgId),
    /// The usage that an account pays for, of all its organizations.
    Account(&'a AccountId),
}

/// A series of counters, by the length of their window and by what they group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CounterSeries {
    /// Hourly counters by kind, of organizations only.
    Hours,
    /// Daily counters by kind. An account has such a counter for each organization.
    Days,
    /// Monthly counters by kind, of organizations only.
    Months,
    /// Daily counters by resource.
    Resources,
    /// Daily counters by member.
    Members,
    /// Monthly counters of changes to closed months, of accounts only. Their numbers can be negative.
    Adjustments,
}

impl CounterSeries {
    /// The series of an organization.
    pub const OF_ORG: [Self; 5] =
        [Self::Hours, Self::Days, Self::Months, Self::Resources, Self::Members];

    /// Returns the window of each counter: an hour, a day or a month.
    #[must_use]
    pub fn window(self) -> Window {
        match self {
            Self::Hours => Window::Hour,
            Self::Days | Self::Resources | Self::Members => Window::Day,
            Self::Months | Self::Adjustments => Window::Month,
        }
    }

    /// Returns the period of one partition: a day for hourly counters, otherwise a month.
    #[must_use]
    pub fn partition(self) -> Window {
        if self == Self::Hours { Window::Day } else { Window::Month }
    }
}

/// Returns the partition key of a ledger's counters for the period that contains `at`.
#[must_use]
pub fn rollup_partition(ledger: Ledger<'_>, series: CounterSeries, at: DateTime<Utc>) -> String {
    let (letter, date) = match series {
        CounterSeries::Hours => ("H", "%Y-%m-%d"),
        CounterSeries::Days => ("D", "%Y-%m"),
        CounterSeries::Months => ("T", "%Y-%m"),
        CounterSeries::Resources => ("R", "%Y-%m"),
        CounterSeries::Members => ("M", "%Y-%m"),
        CounterSeries::Adjustments => ("A", "%Y-%m"),
    };
    let date = at.format(date);
    match ledger {
        Ledger::Org(org) => format!("USE#{org}#{letter}#{date}"),
        Ledger::Account(account) => format!("ACC#{account}#{letter}#{date}"),
    }
}

/// Returns the prefix of the sort keys of the counters whose window starts at `start`.
#[must_use]
pub fn rollup_sort(series: CounterSeries, start: DateTime<Utc>) -> String {
    match series {
        CounterSeries::Hours => start.format("%H#").to_string(),
        CounterSeries::Days | CounterSeries::Resources | CounterSeries::Members => {
            start.format("%d#").to_string()
        }
        CounterSeries::Months | CounterSeries::Adjustments => String::new(),
    }
}

/// Returns the key of the set of kinds that an organization uses in a month.
#[must_use]
pub fn kinds(org: &OrgId, month: Month) -> Key {
    key(format!("USE#{org}#K#{month}"), "!")
}

/// The hex digits with which the hash in an account id begins, in order. Each has a partition of the
/// accounts with usage in a month, so that a new month does not begin with all writes in one
/// partition.
pub const ACCOUNT_DIGITS: &str = "0123456789abcdef";

/// Returns the partition key of the accounts with usage in a month whose hashes begin with a digit.
#[must_use]
pub fn billed_accounts(month: Month, digit: char) -> String {
    format!("BILL#{month}#{digit}")
}

/// Returns the key of the entry of an account with usage in a month.
#[must_use]
pub fn billed_account(month: Month, account: &AccountId) -> Key {
    key(billed_accounts(month, account.digit()), account.to_string())
}

/// Returns the key of an account's statement.
#[must_use]
pub fn statement(account: &AccountId, month: Month) -> Key {
    key(format!("STM#{account}#{month}"), "!")
}

/// Returns the key of a part of the lines of an account's statement.
#[must_use]
pub fn statement_part(account: &AccountId, month: Month, part: usize) -> Key {
    key(format!("STM#{account}#{month}"), format!("{part:04}"))
}

/// The sort key of the credits that an organization's holds reserve in a month, beside the month's
/// counters.
pub const RESERVED: &str = "HELD";

/// Returns the key of the credits that an organization's holds reserve in a month.
#[must_use]
pub fn reserved(org: &OrgId, month: Month) -> Key {
    key(rollup_partition(Ledger::Org(org), CounterSeries::Months, month.start()), RESERVED)
}

/// Returns the key of a hold. The id is hashed, as that of a usage event.
#[must_use]
pub fn hold(org: &OrgId, id: &HoldId) -> Key {
    let hash = text::hex(&text::sha256(id.as_str().as_bytes()));
    key(format!("HLD#{org}#{}", &hash[..2]), hash)
}

/// Returns the partition key of an organization's open holds.
#[must_use]
pub fn open_holds(org: &OrgId) -> String {
    format!("HLD#{org}")
}

/// Prefix of the sort keys of open holds.
pub const OPEN_HOLD: &str = "OPEN#";

/// Returns the key of an open hold. Open holds sort by the time of their expiry.
#[must_use]
pub fn open_hold(org: &OrgId, id: &HoldId, expires_at: DateTime<Utc>) -> Key {
    let expiry = open_holds_until(expires_at);
    key(open_holds(org), format!("{expiry}#{}", text::short_hash(id.as_str())))
}

/// Returns the prefix of the sort keys of open holds that expire at `at`. It follows those that
/// expire before.
#[must_use]
pub fn open_holds_until(at: DateTime<Utc>) -> String {
    format!("{OPEN_HOLD}{}", at.format("%Y-%m-%dT%H:%M:%S%.3fZ"))
}

/// The sort key of the alerts of a month, beside the month's counters.
pub const BUDGET_ALERTS: &str = "ALERTS";

/// Returns the key of the alerts about an organization's budget in a month.
#[must_use]
pub fn budget_alerts(org: &OrgId, month: Month) -> Key {
    key(rollup_partition(Ledger::Org(org), CounterSeries::Months, month.start()), BUDGET_ALERTS)
}
