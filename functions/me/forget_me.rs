//! Ends every membership of the caller, each in a transaction of its own. If the caller is the last
//! owner of an organization, no membership ends, and the problem lists that organization.

use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{ProblemCode, RequestContext, Response, Result, action};

/// The declaration.
pub const ACTION: Action = action!(forget_me)
    .summary("Leave all organizations")
    .description(
        "Ends every membership of the caller, each in a transaction of its own. If the caller is \
         the last owner of organizations that are not deleted, no membership ends, and the \
         problem lists these organizations in `orgs`. If the request fails halfway, send it again \
         to end the remaining memberships.",
    )
    .delete("/v1/me", Caller::Person)
    .grants(&[Grant::ListCore, Grant::ReadCore, Grant::CommitCore])
    .problems(&[ProblemCode::LastOwner])
    .event("Left all organizations", Shape::Object("Member"), Shape::FormerMember);

async fn forget_me(ctx: &RequestContext<'_>) -> Result<Response> {
    let permit = ctx.authorize(ActionName::ForgetMe)?;
    ctx.no_body()?;
    ctx.forget(&permit, &ctx.person()?.user_id).await
}
