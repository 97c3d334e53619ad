//! Lists an organization's invitations, newest first.
//!
//! The page is read after the permit, not beside the membership: with a filter it looks at 1,000
//! invitations, which outsiders must not be able to cause.

use orgs_runtime::domain::EmailAddress;
use orgs_runtime::domain::invitation::{InvitationView, Status};
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::store::InvitationFilter;
use orgs_runtime::store::keys::INVITATIONS;
use orgs_runtime::{ListOf, ListQuery, OrgContextQuery, RequestContext, Response, Result};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(list_invitations, "Lists an organization's invitations, newest first", handle, query: Filter, answer: ListOf<InvitationView>);

/// Which invitations are listed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Those with this status.
    status: Option<Status>,
    /// Those to this address, compared as addresses are.
    #[schema(value_type = Option<String>)]
    email: Option<EmailAddress>,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = ctx.org_id()?;
    let query = ctx.list_query::<Filter>(|_| &[INVITATIONS]);
    let scene = ctx.scene(org, OrgContextQuery::default()).await?;
    let _administrator = scene.authorize(&Ask::OfOrg(OfOrg::ListInvitations, scene.facts()))?;
    let ListQuery { page, filter: Filter { status, email } } = query?;
    let filter = InvitationFilter { status, email: email.as_ref().map(EmailAddress::key) };
    let listed = ctx.app.store.invitations(&org, &filter, ctx.now, &page).await?;
    Response::page(&listed, |invitation| invitation.view(ctx.now))
}
