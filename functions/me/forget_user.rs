//! Ends every membership of a person whom the identity provider deleted, like `forget_me` does for
//! the caller. An unknown person has no memberships, so the request succeeds and can be repeated.

use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{ProblemCode, RequestContext, Response, Result, action};

/// The declaration.
pub const ACTION: Action = action!(forget_user)
    .summary("Remove a person from all organizations")
    .description(
        "Ends every membership of a person whom the identity provider deleted. If the person is \
         the last owner of organizations that are not deleted, no membership ends, and the \
         problem lists these organizations in `orgs`. The request also succeeds for a person \
         without memberships, so you can repeat it.",
    )
    .delete("/v1/users/{user_id}", Caller::Service("orgs:operate"))
    .grants(&[Grant::ListCore, Grant::ReadCore, Grant::CommitCore])
    .problems(&[ProblemCode::MissingPermission, ProblemCode::LastOwner])
    .event("Removed a person from all organizations", Shape::Object("Member"), Shape::FormerMember);

async fn forget_user(ctx: &RequestContext<'_>) -> Result<Response> {
    let permit = ctx.authorize_service("orgs:operate", ActionName::ForgetUser)?;
    ctx.no_body()?;
    match ctx.user_id() {
        Some(user) => ctx.forget(&permit, &user).await,
        None => ctx.respond_unchanged(&permit, None, Response::no_content()).await,
    }
}
