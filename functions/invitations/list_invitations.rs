//! Lists the invitations of an organization, newest first.
//!
//! The page is read after the caller is authorized, not at the same time as the membership: a
//! filtered page reads up to 1,000 invitations, and outsiders must not be able to cause that.

use orgs_domain::EmailAddress;
use orgs_domain::Role;
use orgs_domain::invitation::Status;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    ListOf, ListQuery, OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result,
    action,
};
use orgs_store::InvitationFilter;
use orgs_store::keys::INVITATIONS;
use orgs_views::InvitationView;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action =
    action!(list_invitations, query: Filter, returns: ListOf<InvitationView>)
        .summary("List invitations")
        .description(
            "Returns the newest invitations first. Filter by status, by address, or by both.",
        )
        .get("/v1/orgs/{org_id}/invitations", Caller::Member(Role::Administrator))
        .grants(&[Grant::ReadCore, Grant::ListCore])
        .problems(&[ProblemCode::MissingPermission, ProblemCode::ValidationFailed]);

/// The filter of the invitations.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Only invitations with this status.
    status: Option<Status>,
    /// Only invitations to this e-mail address, in upper or lower case.
    #[schema(value_type = Option<String>)]
    email: Option<EmailAddress>,
}

async fn list_invitations(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let query = ctx.list_query::<Filter>(|_| &[INVITATIONS]);
    let org = OrgContext::load(ctx, org_id, OrgContextQuery::default()).await?;
    let _administrator = org.authorize(&AuthzRequest::new(ActionName::ListInvitations))?;
    let ListQuery { page, filter: Filter { status, email } } = query?;
    let filter = InvitationFilter { status, email: email.as_ref().map(EmailAddress::key) };
    let listed = ctx.app.store.invitations(&org_id, &filter, ctx.now, &page).await?;
    Response::page(&listed, |invitation| InvitationView::of(invitation, ctx.now))
}
