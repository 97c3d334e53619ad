//! Ends all memberships of a person who is forgotten.

use futures::future::join_all;
use orgs_domain::membership::{self, MembershipEnd};
use orgs_domain::{Member, OrgId, UserId};
use orgs_policies::Permit;

use crate::problem::{Problem, Result};
use crate::problem_code::ProblemCode;
use crate::request_context::{RequestContext, answered_before};
use crate::response::Response;

/// The largest number of memberships that end at the same time. They belong to different
/// organizations, so their transactions share no item.
const COMMITS_AT_ONCE_MAX: usize = 8;

impl RequestContext<'_> {
    /// Ends every membership of `user`, each in its own transaction. Checks all of them first: if
    /// the user is the last owner of an organization, nothing changes. The last transaction stores
    /// the response, so a retry after a crash ends the remaining memberships.
    ///
    /// # Errors
    /// 409 `last_owner` with the organizations. The stored response if the `Idempotency-Key` was
    /// used before.
    pub async fn forget(&self, permit: &Permit, user: &UserId) -> Result<Response> {
        let key = self.given_key();
        let earlier = async {
            match &key {
                Some(key) => self.app.store.earlier_response(key, self.now).await,
                None => Ok(None),
            }
        };
        let (earlier, memberships) =
            tokio::try_join!(earlier, self.app.store.memberships(user, self.now, self.isolation))?;
        if let Some(earlier) = earlier {
            return Err(answered_before(earlier, key.as_ref()));
        }
        let mut ends: Vec<(Member, MembershipEnd)> = Vec::new();
        let mut blocked: Vec<OrgId> = Vec::new();
        for (org, member) in memberships {
            match membership::forget(&org, &member, self.now) {
                Ok(end) => ends.push((member, end)),
                Err(_) => blocked.push(org.id),
            }
        }
        if !blocked.is_empty() {
            let orgs = blocked.iter().map(ToString::to_string).collect();
            let detail = "the person is the last owner of these organizations: transfer them first";
            return Err(Problem { orgs, ..Problem::new(ProblemCode::LastOwner, detail) }.into());
        }
        let response = Response::no_content();
        let is_caller =
            |member: &Member| self.person().is_ok_and(|person| person.user_id == member.user_id);
        let Some((last, rest)) = ends.split_last() else {
            return self.respond_unchanged(permit, None, response).await;
        };
        for chunk in rest.chunks(COMMITS_AT_ONCE_MAX) {
            let mut commits = Vec::with_capacity(chunk.len());
            for (member, end) in chunk {
                commits.push(self.commit_keyed(
                    permit,
                    Some(member).filter(|member| is_caller(member)),
                    end,
                    response.clone(),
                    None,
                ));
            }
            for committed in join_all(commits).await {
                committed?;
            }
        }
        let (member, end) = last;
        self.commit(permit, Some(member).filter(|member| is_caller(member)), end, response).await
    }
}
