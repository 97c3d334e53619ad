//! Lists an organization's invitations, newest first. The page is read beside the caller's membership.

use orgs_http::domain::EmailAddress;
use orgs_http::domain::invitation::{InvitationView, Status};
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::store::InvitationFilter;
use orgs_http::store::keys::INVITATIONS;
use orgs_http::{Call, ListOf, Reply, Result};
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
    let (scene, listed) = call
        .scene_and(org, &query, |query| async move {
            let filter = InvitationFilter { status: query.filter.status, email: query.filter.email.as_ref().map(EmailAddress::key) };
            call.world.store.invitations(&org, &filter, call.now, &query.page).await
        })
        .await?;
    let _administrator = scene.permit(&Ask::OfOrg(OfOrg::ListInvitations, scene.facts()))?;
    query?;
    Reply::page(&listed.unwrap_or_default(), |invitation| invitation.view(call.now))
}
