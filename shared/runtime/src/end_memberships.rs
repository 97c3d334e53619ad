//! A person is forgotten: every membership ends.

use futures::future::join_all;
use orgs_domain::membership::{self, MembershipEnd};
use orgs_domain::{Member, OrgId, UserId};
use orgs_policies::Permit;

use crate::problem::{Problem, Result};
use crate::problem_code::ProblemCode;
use crate::request_context::{RequestContext, answered_before};
use crate::response::Response;

/// How many memberships are ended at the same time: they are of different organizations, and share
/// no item.
const AT_ONCE: usize = 8;

impl RequestContext<'_> {
    /// Ends every membership of `user`, each in a commit of its own, after a look at all of them:
    /// where one is the last owner's, nothing is changed. The answer is remembered with the last of
    /// the commits, so a repeat goes on where a crash ended the first.
    ///
    /// # Errors
    /// `last_owner` with the organizations; the stored answer where the request was answered
    /// before.
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
        let mut departures: Vec<(Member, MembershipEnd)> = Vec::new();
        let mut blocked: Vec<OrgId> = Vec::new();
        for (org, member) in memberships {
            match membership::forget(&org, &member, self.now) {
                Ok(end) => departures.push((member, end)),
                Err(_) => blocked.push(org.id),
            }
        }
        if !blocked.is_empty() {
            let orgs = blocked.iter().map(ToString::to_string).collect();
            let detail = "the person is the last owner of these organizations: transfer them first";
            return Err(Problem { orgs, ..Problem::new(ProblemCode::LastOwner, detail) }.into());
        }
        let response = Response::no_content();
        let own =
            |member: &Member| self.person().is_ok_and(|person| person.user_id == member.user_id);
        let Some((last, rest)) = departures.split_last() else {
            return self.respond_unchanged(permit, None, response).await;
        };
        for chunk in rest.chunks(AT_ONCE) {
            let mut leaving = Vec::with_capacity(chunk.len());
            for (member, end) in chunk {
                leaving.push(self.commit_keyed(
                    permit,
                    Some(member).filter(|member| own(member)),
                    end,
                    response.clone(),
                    None,
                ));
            }
            for left in join_all(leaving).await {
                left?;
            }
        }
        let (member, end) = last;
        self.commit(permit, Some(member).filter(|member| own(member)), end, response).await
    }
}
