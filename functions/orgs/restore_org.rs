//! Restores a deleted organization, within 30 days of the deletion. A suspension stays, because it
//! is independent of the deletion.

use orgs_domain::Role;
use orgs_domain::org_update;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_views::OrgView;

/// The declaration.
pub const ACTION: Action = action!(restore_org, returns: OrgView)
    .summary("Restore a deleted organization")
    .description("Works within 30 days of the deletion. A suspended organization stays suspended.")
    .post("/v1/orgs/{org_id}/restore", Caller::Member(Role::Owner))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[ProblemCode::MissingPermission])
    .event("Restored the organization", Shape::Object("Org"), Shape::Object("Org"));

async fn restore_org(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(ctx, ctx.org_id()?, OrgContextQuery::default()).await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::RestoreOrg))?;
    ctx.no_body()?;
    let role = org.caller_member()?.role;
    let Some(change) = org_update::restore(&org.org, ctx.now) else {
        return org
            .respond_unchanged(
                &permit,
                Response::ok(&OrgView::of(&org.org, role))?.version(org.org.version),
            )
            .await;
    };
    let response =
        Response::ok(&OrgView::of(change.after(), role))?.version(change.after().version);
    org.commit(&permit, &change, response).await
}
