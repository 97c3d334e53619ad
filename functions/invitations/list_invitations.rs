//! Lists an organization's invitations, newest first.
//!
//! The page is read after the permit, not beside the membership: with a filter it looks at 1,000
//! invitations, which outsiders must not be able to cause.

use orgs_http::domain::EmailAddress;
use orgs_http::domain::invitation::{InvitationView, Status};
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::store::InvitationFilter;
use orgs_http::store::keys::INVITATIONS;
use orgs_http::{Call, ListOf, ListQuery, Reply, Result, Wants};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_http::action!(list_invitations, "Lists an organization's invitations, newest first", handle, query: Filter, answer: ListOf<InvitationView>);

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

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let org = call.org_id()?;
    let query = call.list_query::<Filter>(|_| &[INVITATIONS]);
    let scene = call.scene(org, Wants::default()).await?;
    let _administrator = scene.permit(&Ask::OfOrg(OfOrg::ListInvitations, scene.facts()))?;
    let ListQuery { page, filter: Filter { status, email } } = query?;
    let filter = InvitationFilter { status, email: email.as_ref().map(EmailAddress::key) };
    let listed = call.world.store.invitations(&org, &filter, call.now, &page).await?;
    Reply::page(&listed, |invitation| invitation.view(call.now))
}
