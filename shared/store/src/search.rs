//! Finding members by role, name or address: at the cost of the page, however large the
//! organization.
//!
//! The index `listing` of `core` has keys alone. Three items of a member have an entry in it: the
//! member's own (by role), the mirror (by name) and the address lock (by address). What is shown is
//! then read by its keys, strongly consistent, and judged again: an index is a moment behind, so no
//! role that is no longer so shows, and no member who is gone.

use std::collections::{BTreeSet, HashMap};

use orgs_domain::{Member, OrgId, Role, UserId, text};

use crate::cursor::{Page, PageRequest};
use crate::error::StoreError;
use crate::item::{Item, s, text as attribute, value};
use crate::keys::{self, Key};
use crate::list::Part;
use crate::store::Store;
use crate::tables::LISTING;
use crate::transaction_builder::{Condition, Expr, TransactionBuilder};

/// Stands between what is searched and the user id: no name and no address holds it.
const SEPARATOR: char = '\u{1}';

/// Which members are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberFilter {
    /// All.
    All,
    /// Those with this role.
    Role(Role),
    /// Those whose name or address begins with this, in any case; with this role, where one is
    /// given.
    Begins(String, Option<Role>),
}

/// An ordered part of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Role,
    Name,
    Address,
}

impl Stream {
    /// How cursors into it begin.
    fn cursor(self) -> &'static str {
        match self {
            Self::Role => "ROLE#",
            Self::Name => "NAME#",
            Self::Address => "ADDRESS#",
        }
    }
}

impl MemberFilter {
    /// How the cursors of such a list begin.
    #[must_use]
    pub fn cursors(&self) -> &'static [&'static str] {
        match self {
            Self::All => &[keys::MEMBERS],
            Self::Role(_) => &["ROLE#"],
            Self::Begins(..) => &["NAME#", "ADDRESS#"],
        }
    }
}

/// A name or address as it is searched.
fn folded(text: &str) -> String {
    text::normalized(text).to_lowercase()
}

/// Puts an item into the index.
pub(crate) fn entry(item: &mut Item, partition: String, sort: String) {
    item.insert(LISTING.partition_key.to_owned(), s(partition));
    item.insert(LISTING.sort_key.to_owned(), s(sort));
}

/// The entry of a member's own item.
pub(crate) fn by_role(item: &mut Item, member: &Member) {
    entry(item, keys::members_by_role(&member.org_id, member.role), member.user_id.to_string());
}

/// The entry of a member's mirror, where the member has a name.
pub(crate) fn by_name(item: &mut Item, member: &Member) {
    if let Some(name) = &member.name {
        entry(item, keys::members_by_name(&member.org_id), name_key(name, &member.user_id));
    }
}

/// The entry of a mirror whose member has a new name.
pub(crate) fn rename(
    tx: &mut TransactionBuilder,
    member: &Member,
    name: &str,
) -> Result<(), StoreError> {
    let expr = Expr::update("SET #LPK = :partition, #LSK = :sort")
        .and_when("attribute_exists(#PK)")
        .bind(":partition", s(keys::members_by_name(&member.org_id)))
        .bind(":sort", s(name_key(name, &member.user_id)));
    tx.update(
        Condition::UserMembership,
        &keys::user_membership(&member.user_id, &member.org_id),
        expr,
    )
}

fn name_key(name: &str, user: &UserId) -> String {
    format!("{}{SEPARATOR}{user}", folded(name))
}

/// The entry of a member's address lock.
pub(crate) fn by_address(item: &mut Item, member: &Member) {
    let sort = format!("{}{SEPARATOR}{}", member.email.canonical(), member.user_id);
    entry(item, keys::members_by_address(&member.org_id), sort);
}

/// An entry that was found.
#[derive(Debug)]
struct Entry {
    stream: Stream,
    sort: String,
    user: UserId,
}

impl Store {
    /// A page of an organization's members: all of them and those of a role by user id, those that
    /// were searched by name and then by address.
    ///
    /// # Errors
    /// [`StoreError`].
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
            MemberFilter::Role(role) => {
                let entries =
                    self.entries(Stream::Role, keys::members_by_role(org, *role), "", page).await?;
                self.found(org, entries, page, |_, member| member.role == *role).await
            }
            MemberFilter::Begins(begins, role) => {
                let begins = folded(begins);
                let at = |stream: Stream| {
                    page.after().is_some_and(|after| after.starts_with(stream.cursor()))
                };
                let by_name = async {
                    // The names are behind a cursor into the addresses.
                    if at(Stream::Address) {
                        Ok(Vec::new())
                    } else {
                        self.entries(Stream::Name, keys::members_by_name(org), &begins, page).await
                    }
                };
                let by_address =
                    self.entries(Stream::Address, keys::members_by_address(org), &begins, page);
                let (mut entries, by_address) = futures::try_join!(by_name, by_address)?;
                entries.extend(by_address);
                let named = |member: &Member| {
                    member.name.as_deref().is_some_and(|name| folded(name).starts_with(&begins))
                };
                self.found(org, entries, page, |stream, member| {
                    let matches = match stream {
                        Stream::Address => {
                            member.email.canonical().starts_with(&begins) && !named(member)
                        }
                        Stream::Name | Stream::Role => named(member),
                    };
                    matches && role.is_none_or(|role| member.role == role)
                })
                .await
            }
        }
    }

    /// The entries of a part of the index that begin with `begins` and come after the page's
    /// cursor: one more than are shown.
    async fn entries(
        &self,
        stream: Stream,
        partition: String,
        begins: &str,
        page: &PageRequest,
    ) -> Result<Vec<Entry>, StoreError> {
        let after = page.after().and_then(|after| after.strip_prefix(stream.cursor()));
        // No character comes after the last one: this is where what begins so ends.
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
            // A key is never empty; the space comes before every other character that a user id can
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

    /// Reads the members behind the first entries of a page, and leaves out those for whom they are
    /// no longer right.
    async fn found(
        &self,
        org: &OrgId,
        mut entries: Vec<Entry>,
        page: &PageRequest,
        is_right: impl Fn(Stream, &Member) -> bool,
    ) -> Result<Page<Member>, StoreError> {
        let more = entries.len() > usize::from(page.limit);
        entries.truncate(usize::from(page.limit));
        let next = entries
            .last()
            .filter(|_| more)
            .map(|last| format!("{}{}", last.stream.cursor(), last.sort));
        let users: BTreeSet<&UserId> = entries.iter().map(|entry| &entry.user).collect();
        let keys: Vec<Key> = users.into_iter().map(|user| keys::member(org, user)).collect();
        // One call reads at most 100 items, and a page has no more.
        let items: HashMap<Key, Item> = self.get(&keys.iter().collect::<Vec<_>>()).await?;
        let members = entries.iter().filter_map(|entry| {
            let item = items.get(&keys::member(org, &entry.user)).cloned()?;
            Some(
                value::<Member>(item)
                    .map(|member| is_right(entry.stream, &member).then_some(member)),
            )
        });
        let members: Vec<Option<Member>> = members.collect::<Result<_, _>>()?;
        Ok(Page::new(members.into_iter().flatten().collect(), next.as_deref()))
    }
}
