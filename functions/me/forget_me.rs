//! Ends every membership of the caller, each in a commit of its own. Where an organization would
//! lose its last owner nothing is changed, and the answer names it.

use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{ProblemCode, RequestContext, Response, Result, action};

/// The declaration.
pub const ACTION: Action = action!(forget_me)
    .summary("Leave all organizations")
    .description(
        "Ends every membership of the caller, each in a transaction of its own. If an \
         organization would lose its last owner, nothing changes, and the problem lists these \
         organizations.",
    )
    .delete("/v1/me", Caller::Person)
    .grants(&[Grant::ListCore, Grant::ReadCore, Grant::CommitCore])
    .problems(&[ProblemCode::LastOwner])
    .event(Shape::Object("Member"), Shape::FormerMember);

async fn forget_me(ctx: &RequestContext<'_>) -> Result<Response> {
    let permit = ctx.authorize(ActionName::ForgetMe)?;
    ctx.no_body()?;
    ctx.forget(&permit, &ctx.person()?.user_id).await
}
