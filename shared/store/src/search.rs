//! Finds members by role, name or address. The cost depends on the size of the page, not on the
//! size of the organization.
//!
//! The index `listing` of `core` contains keys only. Three items of a member have an entry in it:
//! the member (by role, then name), the user membership (by name) and the address lock (by address).
//! A member without a name is listed under the address instead. The
//! members that are found are read again by their keys, strongly consistent, and filtered once
//! more. The index lags a little behind the table, so this keeps stale roles and former members out
//! of the result.

use std::collections::{BTreeSet, HashMap};

use orgs_domain::{Member, OrgId, Role, UserId, text};

use crate::cursor::{Page, PageRequest};
use crate::error::StoreError;
use crate::item::{Item, s, text as attribute, value};
use crate::keys::{self, Key};
use crate::list::{Part, entry};
use crate::store::Store;
use crate::tables::LISTING;
use crate::tx::{Condition, Expr, TransactionBuilder};

/// Separates the name or address from the user id. Names and addresses never contain it.
const SEPARATOR: char = '\u{1}';

/// Selects the members to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberFilter {
    /// All members of the organization, sorted by user id.
    All,
    /// All members of the organization, sorted by name.
    ByName,
    /// Members with this role, sorted by name.
    Role(Role),
    /// Members whose name or address begins with this text, ignoring case, and who have this role
    /// if one is given.
    Begins(String, Option<Role>),
}

/// A partition of the index, in the order of its sort keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Role,
    Name,
    Address,
}

impl Stream {
    /// Returns the prefix of the cursors into this partition.
    fn cursor(self) -> &'static str {
        match self {
            Self::Role => "ROLE#",
            Self::Name => "NAME#",
            Self::Address => "ADDRESS#",
        }
    }
}

impl MemberFilter {
    /// Returns the prefixes of valid cursors for this filter.
    #[must_use]
    pub fn cursors(&self) -> &'static [&'static str] {
        match self {
            Self::All => &[keys::MEMBERS],
            Self::ByName => &["NAME#"],
            Self::Role(_) => &["ROLE#"],
            Self::Begins(..) => &["NAME#", "ADDRESS#"],
        }
    }
}

/// Normalizes a name or address for the search, and converts it to lower case.
fn folded(text: &str) -> String {
    text::normalized(text).to_lowercase()
}

/// Lists a member's item by role.
pub(crate) fn by_role(item: &mut Item, member: &Member) {
    entry(item, keys::members_by_role(&member.org_id, member.role), name_key(member));
}

/// Lists a user membership by name.
pub(crate) fn by_name(item: &mut Item, member: &Member) {
    entry(item, keys::members_by_name(&member.org_id), name_key(member));
}

/// Lists a user membership under the member's new name, if the name that the lists show changed.
pub(crate) fn rename(
    tx: &mut TransactionBuilder,
    before: &Member,
    after: &Member,
) -> Result<(), StoreError> {
    if name_key(before) == name_key(after) {
        return Ok(());
    }
    let expr = Expr::update("SET #LPK = :partition, #LSK = :sort")
        .and_when("attribute_exists(#PK)")
        .bind(":partition", s(keys::members_by_name(&after.org_id)))
        .bind(":sort", s(name_key(after)));
    tx.update(
        Condition::UserMembership,
        &keys::user_membership(&after.user_id, &after.org_id),
        expr,
    )
}

/// Returns the sort key of a member in the lists by name: the name, or the address of a member
/// without a name.
fn name_key(member: &Member) -> String {
    let shown = member.name.as_deref().unwrap_or(member.email.canonical());
    format!("{}{SEPARATOR}{}", folded(shown), member.user_id)
}

/// Lists an address lock by the member's address.
pub(crate) fn by_address(item: &mut Item, member: &Member) {
    let sort = format!("{}{SEPARATOR}{}", member.email.canonical(), member.user_id);
    entry(item, keys::members_by_address(&member.org_id), sort);
}

/// An entry of the index.
#[derive(Debug)]
struct Entry {
    stream: Stream,
    sort: String,
    user: UserId,
}

impl Store {
    /// Returns a page of an organization's members. A search returns the matches by name first, then
    /// the matches by address.
    ///
    /// # Errors
    /// [`StoreError`] if DynamoDB fails or an item has an unexpected format.
    pub async fn members(
        &self,
        org: &OrgId,
        filter: &MemberFilter,
        page: &PageRequest,
    ) -> Result<Page<Member>, StoreError> {
        match filter {
            MemberFilter::All => {
                self.page(
                    Part::all(keys::org_partition(org), keys::MEMBERS),
                    Expr::default(),
                    page,
                    value,
                )
                .await
            }
            MemberFilter::ByName => {
                let entries =
                    self.entries(Stream::Name, keys::members_by_name(org), "", page).await?;
                self.found(org, entries, page, |_, _| true).await
            }
            MemberFilter::Role(role) => {
                let entries =
                    self.entries(Stream::Role, keys::members_by_role(org, *role), "", page).await?;
                self.found(org, entries, page, |_, member| member.role == *role).await
            }
            MemberFilter::Begins(begins, role) => {
                let begins = folded(begins);
                let is_in = |stream: Stream| {
                    page.after().is_some_and(|after| after.starts_with(stream.cursor()))
                };
                let by_name = async {
                    // The cursor is among the addresses, so the names were listed before.
                    if is_in(Stream::Address) {
                        Ok(Vec::new())
                    } else {
                        self.entries(Stream::Name, keys::members_by_name(org), &begins, page).await
                    }
                };
                let by_address =
                    self.entries(Stream::Address, keys::members_by_address(org), &begins, page);
                let (mut entries, by_address) = futures::try_join!(by_name, by_address)?;
                entries.extend(by_address);
                let matches_name = |member: &Member| {
                    member.name.as_deref().is_some_and(|name| folded(name).starts_with(&begins))
                };
                self.found(org, entries, page, |stream, member| {
                    let matches = match stream {
                        Stream::Address => {
                            member.email.canonical().starts_with(&begins) && !matches_name(member)
                        }
                        Stream::Name | Stream::Role => matches_name(member),
                    };
                    matches && role.is_none_or(|role| member.role == role)
                })
                .await
            }
        }
    }

    /// Returns the index entries that begin with `begins` and come after the page's cursor, one
    /// more than the page's limit.
    async fn entries(
        &self,
        stream: Stream,
        partition: String,
        begins: &str,
        page: &PageRequest,
    ) -> Result<Vec<Entry>, StoreError> {
        let after = page.after().and_then(|after| after.strip_prefix(stream.cursor()));
        // `char::MAX` sorts after every other character, so the range ends after the prefix.
        let (from, to) = (
            after.map_or_else(|| begins.to_owned(), |after| format!("{after}\u{0}")),
            format!("{begins}{}", char::MAX),
        );
        if from > to {
            return Ok(Vec::new());
        }
        let answer = self
            .client()
            .query()
            .table_name(&self.settings.core_table)
            .index_name(LISTING.name)
            .key_condition_expression("#partition = :partition AND #sort BETWEEN :from AND :to")
            .expression_attribute_names("#partition", LISTING.partition_key)
            .expression_attribute_names("#sort", LISTING.sort_key)
            .expression_attribute_values(":partition", s(partition))
            // A key is never empty. A space sorts before every other character that a key can
            // begin with.
            .expression_attribute_values(
                ":from",
                s(if from.is_empty() { " ".to_owned() } else { from }),
            )
            .expression_attribute_values(":to", s(to))
            .limit(i32::from(page.limit) + 1)
            .send()
            .await
            .map_err(|error| StoreError::sdk("Query", error))?;
        let read = |item: Item| {
            let sort = attribute(&item, LISTING.sort_key)?.to_owned();
            let user = UserId::parse(sort.rsplit(SEPARATOR).next()?).ok()?;
            Some(Entry { stream, sort, user })
        };
        Ok(answer.items.unwrap_or_default().into_iter().filter_map(read).collect())
    }

    /// Reads the members of a page's entries and drops those that no longer match.
    async fn found(
        &self,
        org: &OrgId,
        mut entries: Vec<Entry>,
        page: &PageRequest,
        is_match: impl Fn(Stream, &Member) -> bool,
    ) -> Result<Page<Member>, StoreError> {
        let has_more = entries.len() > usize::from(page.limit);
        entries.truncate(usize::from(page.limit));
        let next = entries
            .last()
            .filter(|_| has_more)
            .map(|last| format!("{}{}", last.stream.cursor(), last.sort));
        let users: BTreeSet<&UserId> = entries.iter().map(|entry| &entry.user).collect();
        let keys: Vec<Key> = users.into_iter().map(|user| keys::member(org, user)).collect();
        // A page has at most 100 entries, as many items as one call reads.
        let items: HashMap<Key, Item> = self.get(&keys.iter().collect::<Vec<_>>()).await?;
        let members = entries.iter().filter_map(|entry| {
            let item = items.get(&keys::member(org, &entry.user)).cloned()?;
            Some(
                value::<Member>(item)
                    .map(|member| is_match(entry.stream, &member).then_some(member)),
            )
        });
        let members: Vec<Option<Member>> = members.collect::<Result<_, _>>()?;
        Ok(Page::new(members.into_iter().flatten().collect(), next.as_deref()))
    }
}
