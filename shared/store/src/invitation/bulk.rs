//! Commits many invitations. Each is created or rejected by itself, and several share one
//! transaction.

use orgs_domain::invitation::{AddressLock, Invite};
use orgs_domain::limits::Limits;
use orgs_domain::{AuditId, Member};

use crate::commit::{Commit, CommitError, audit};
use crate::error::StoreError;
use crate::invitation::rate;
use crate::item::{number, value};
use crate::member::require_actor_role;
use crate::store::Store;
use crate::tx::Transaction;
use crate::tx::transact::{Cancelled, FailedCondition};
use crate::tx::{Condition, TransactionBuilder};

/// The maximum number of invitations in one transaction. A transaction has at most 100 items. Each
/// invitation needs five: itself, the address lock, the check for a block, the recipient's counter
/// and the audit record. The inviter's role and counter are shared.
const INVITATIONS_PER_TRANSACTION_MAX: usize = 19;

/// One invitation of a bulk request.
#[derive(Debug)]
pub struct BulkInvitation {
    /// The decision to invite.
    pub invite: Invite,
    /// The id of its audit record.
    pub audit_id: AuditId,
}

/// The reason why one invitation was not created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkInvitationError {
    /// The address already has this lock in the organization: a pending invitation or a member.
    Taken(AddressLock),
    /// The address is blocked by an opt-out or a complaint.
    Blocked,
    /// The sender or the recipient has reached the limit.
    RateLimited,
}

impl Store {
    /// Creates invitations by `inviter`, each with its own audit record. Returns, for each
    /// invitation in order, the reason why it was not created, or `None`.
    ///
    /// If conditions of some invitations fail, these are dropped and the rest is sent again.
    /// Invitations of earlier transactions stay if a later transaction fails. A repeated request
    /// then rejects them as already invited.
    ///
    /// # Errors
    /// [`CommitError`], with [`Condition::ActorRole`] if the inviter's role is no longer the one
    /// that was authorized.
    pub async fn invite_each(
        &self,
        commit: &Commit<'_>,
        inviter: &Member,
        lines: &[BulkInvitation],
        limits: &Limits,
    ) -> Result<Vec<Option<BulkInvitationError>>, CommitError> {
        let mut answers: Vec<Option<BulkInvitationError>> = vec![None; lines.len()];
        let mut open: Vec<usize> = (0..lines.len()).collect();
        // The number of mails that the sender may still send in this hour. This is an estimate; the
        // condition enforces the limit.
        let mut remaining = limits
            .invitations_per_inviter_hour
            .map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        while !open.is_empty() {
            let (now, later) =
                open.split_at(open.len().min(INVITATIONS_PER_TRANSACTION_MAX).min(remaining));
            if now.is_empty() {
                for line in later {
                    answers[*line] = Some(BulkInvitationError::RateLimited);
                }
                break;
            }
            let (tx, bounds) = self.plan_lines(commit, inviter, lines, now, limits)?;
            match self.transact(&tx).await {
                Ok(()) => {
                    remaining = remaining.saturating_sub(now.len());
                    open = later.to_vec();
                }
                Err(Cancelled::ConditionsFailed(lost)) => {
                    for failed in lost {
                        match bounds.iter().rposition(|start| *start <= failed.position) {
                            Some(position) if answers[now[position]].is_none() => {
                                answers[now[position]] = Some(refused(failed)?);
                            }
                            Some(_) => {}
                            None if failed.condition == Condition::SenderRate => {
                                remaining = left(&failed, limits);
                            }
                            None => {
                                return Err(CommitError::ConditionsFailed {
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

    /// Returns the transaction for some invitations, and the position of the first item of each.
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
        (Condition::AddressFree, Some(lock)) => Ok(BulkInvitationError::Taken(value(lock)?)),
        (Condition::AddressOpen, _) => Ok(BulkInvitationError::Blocked),
        (Condition::RecipientRate, _) => Ok(BulkInvitationError::RateLimited),
        (condition, _) => {
            Err(CommitError::ConditionsFailed { conditions: vec![condition], taken: None })
        }
    }
}

/// Returns the number of mails that the sender has left, from the current counter.
fn left(failed: &FailedCondition, limits: &Limits) -> usize {
    let sent: u32 = failed.item.as_ref().and_then(|item| number(item, "n")).unwrap_or_default();
    let limit = limits.invitations_per_inviter_hour.unwrap_or_default();
    usize::try_from(limit.saturating_sub(sent)).unwrap_or_default()
}
