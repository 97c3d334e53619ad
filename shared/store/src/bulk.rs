//! Many invitations at once: each is made or refused on its own, and those that can be made share
//! transactions.

use orgs_domain::invitation::{AddressLock, Invite};
use orgs_domain::limits::Limits;
use orgs_domain::{AuditId, Member};

use crate::error::StoreError;
use crate::item::{number, value};
use crate::member::require_actor_role;
use crate::rate;
use crate::store::Store;
use crate::transaction::{Cancelled, Commit, CommitError, FailedCondition, Transaction, audit};
use crate::transaction_builder::{Condition, TransactionBuilder};

/// How many invitations are made in one transaction: it holds 100 items, each invitation is five
/// (itself, its address, that the address takes invitations, its share, the audit record), and two
/// are shared.
const TOGETHER: usize = 19;

/// One of many invitations.
#[derive(Debug)]
pub struct BulkInvitation {
    /// The invitation.
    pub invite: Invite,
    /// The id of its audit record.
    pub audit_id: AuditId,
}

/// Why one of many invitations was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkInvitationError {
    /// The address is this to the organization.
    Acquired(AddressLock),
    /// The address takes no invitations.
    Blocked,
    /// The sender, or the address, has had enough for now.
    RateLimited,
}

impl Store {
    /// Makes invitations by `inviter`, each with an audit record of its own. The answer says of
    /// each, in order, why it was not made, or nothing.
    ///
    /// Where a transaction is refused for some of its lines, these are dropped and the rest is sent
    /// again. What was made stays made when a later transaction fails: asking again then refuses
    /// those as invited already.
    ///
    /// # Errors
    /// [`CommitError`], with `Condition::ActorRole` where the inviter's role is no longer the one
    /// that was judged.
    pub async fn invite_each(
        &self,
        commit: &Commit<'_>,
        inviter: &Member,
        lines: &[BulkInvitation],
        limits: &Limits,
    ) -> Result<Vec<Option<BulkInvitationError>>, CommitError> {
        let mut answers: Vec<Option<BulkInvitationError>> = vec![None; lines.len()];
        let mut open: Vec<usize> = (0..lines.len()).collect();
        // What the sender may still send in this hour; the condition is what holds it.
        let mut share = limits
            .invitations_per_inviter_hour
            .map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
        while !open.is_empty() {
            let (now, later) = open.split_at(open.len().min(TOGETHER).min(share));
            if now.is_empty() {
                for line in later {
                    answers[*line] = Some(BulkInvitationError::RateLimited);
                }
                break;
            }
            let (tx, bounds) = self.plan_lines(commit, inviter, lines, now, limits)?;
            match self.transact(&tx).await {
                Ok(()) => {
                    share = share.saturating_sub(now.len());
                    open = later.to_vec();
                }
                Err(Cancelled::Lost(lost)) => {
                    for failed in lost {
                        match bounds.iter().rposition(|start| *start <= failed.position) {
                            Some(position) if answers[now[position]].is_none() => {
                                answers[now[position]] = Some(refused(failed)?)
                            }
                            Some(_) => {}
                            None if failed.condition == Condition::SenderRate => {
                                share = left(&failed, limits)
                            }
                            None => {
                                return Err(CommitError::Lost {
                                    conditions: vec![failed.condition],
                                    taken: None,
                                });
                            }
                        }
                    }
                    open.retain(|line| answers[*line].is_none());
                }
                Err(other) => return Err(other.into()),
            }
        }
        Ok(answers)
    }

    /// The transaction of some lines, and where in it each begins.
    fn plan_lines(
        &self,
        commit: &Commit<'_>,
        inviter: &Member,
        lines: &[BulkInvitation],
        now: &[usize],
        limits: &Limits,
    ) -> Result<(TransactionBuilder, Vec<usize>), StoreError> {
        let mut tx = TransactionBuilder::new(&self.settings.core_table);
        require_actor_role(&mut tx, inviter, None, commit.now)?;
        rate::sender(
            &mut tx,
            &inviter.user_id,
            u32::try_from(now.len()).unwrap_or(u32::MAX),
            limits,
            commit.now,
        )?;
        let mut bounds = Vec::new();
        for BulkInvitation { invite, audit_id } in now.iter().map(|line| &lines[*line]) {
            bounds.push(tx.conditions().len());
            invite.build(&mut tx, commit.now)?;
            rate::recipient(&mut tx, &invite.invitation().email.key(), limits, commit.now)?;
            audit(&mut tx, commit, *audit_id, invite)?;
        }
        Ok((tx, bounds))
    }
}

fn refused(failed: FailedCondition) -> Result<BulkInvitationError, CommitError> {
    match (failed.condition, failed.item) {
        (Condition::AddressFree, Some(lock)) => Ok(BulkInvitationError::Acquired(value(lock)?)),
        (Condition::AddressOpen, _) => Ok(BulkInvitationError::Blocked),
        (Condition::RecipientRate, _) => Ok(BulkInvitationError::RateLimited),
        (condition, _) => Err(CommitError::Lost { conditions: vec![condition], taken: None }),
    }
}

/// What is left of the sender's share, as the counter says.
fn left(failed: &FailedCondition, limits: &Limits) -> usize {
    let sent: u32 = failed.item.as_ref().and_then(|item| number(item, "n")).unwrap_or_default();
    let most = limits.invitations_per_inviter_hour.unwrap_or_default();
    usize::try_from(most.saturating_sub(sent)).unwrap_or_default()
}
