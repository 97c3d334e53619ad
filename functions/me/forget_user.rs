//! Ends every membership of a person whom the identity provider deleted, as `forget_me` does for
//! the caller. Whoever is not known has none, so it is safe to repeat.

use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{ProblemCode, RequestContext, Response, Result, action};

/// The declaration.
pub const ACTION: Action = action!(forget_user)
    .summary("Remove a person from all organizations")
    .description(
        "Ends every membership of a person whom the identity provider deleted. A person without \
         memberships is a success, so you can repeat the request.",
    )
    .delete("/v1/users/{user_id}", Caller::Service("orgs:operate"))
    .grants(&[Grant::ListCore, Grant::ReadCore, Grant::CommitCore])
    .problems(&[ProblemCode::MissingPermission, ProblemCode::LastOwner])
    .event(Shape::Object("Member"), Shape::FormerMember);

async fn forget_user(ctx: &RequestContext<'_>) -> Result<Response> {
    let permit = ctx.authorize_service("orgs:operate", ActionName::ForgetUser)?;
    ctx.no_body()?;
    match ctx.user_id() {
        Some(user) => ctx.forget(&permit, &user).await,
        None => ctx.respond_unchanged(&permit, None, Response::no_content()).await,
    }
}
