//! Releases a hold, so that its credits are available to other runs.

use orgs_domain::Role;
use orgs_domain::hold;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response, Result, action,
};

/// The declaration.
pub const ACTION: Action = action!(release_hold)
    .summary("Release a hold")
    .description(
        "Gives back the credits that are not captured. A hold that has ended already stays as it \
         is. A usage event that names the hold later still counts.",
    )
    .delete(
        "/v1/orgs/{org_id}/holds/{hold_id}",
        Caller::MemberOrService(Role::Administrator, "usage:write"),
    )
    .grants(&[Grant::ReadCore, Grant::ReadUsage, Grant::CommitUsage, Grant::EndHolds])
    .problems(&[ProblemCode::MissingPermission, ProblemCode::HoldNotFound]);

async fn release_hold(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let id = ctx.hold_id();
    let query = OrgContextQuery { service: Some("usage:write"), ..OrgContextQuery::default() };
    let holds = ctx.app.store.holds(&org_id, &id, ctx.now);
    let (org, holds) = OrgContext::load_with(ctx, org_id, query, holds).await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::ReleaseHold))?;
    ctx.no_body()?;
    let hold = id.and_then(|id| holds.get(&id)).ok_or_else(Problem::hold_not_found)?;
    if let Some(end) = hold::end(hold, ctx.now) {
        let ended = ctx.app.store.change_hold(&permit, &end).await;
        ended.map_err(|error| ctx.commit_error(error))?;
    }
    Ok(Response::no_content())
}
