//! Lists the organizations that the caller is a member of, each with the caller's role.

use orgs_http::domain::org::OrgView;
use orgs_http::policies::{Alone, Ask};
use orgs_http::store::keys::MIRRORS;
use orgs_http::{Call, ListOf, Reply, Result};

orgs_http::action!(list_orgs, "Lists the organizations that the caller is a member of", handle, answer: ListOf<OrgView>);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let _mine = call.permit(&Ask::Alone(Alone::ListOrgs))?;
    let page = call.page(&[MIRRORS])?;
    let orgs = call.world.store.orgs_of(&call.person()?.user_id, call.now, &page).await?;
    Reply::page(&orgs, |(org, role)| org.view(*role))
}
