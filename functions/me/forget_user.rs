//! Ends every membership of a person whom the identity provider deleted, as `forget_me` does for
//! the caller. Whoever is not known has none, so it is safe to repeat.

use orgs_http::policies::{Alone, Ask};
use orgs_http::{Call, Reply, Result};

orgs_http::action!(
    forget_user,
    "Ends every membership of a person, for the platform's operator",
    handle
);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let permit = call.permit_service("orgs:operate", &Ask::Alone(Alone::ForgetUser))?;
    call.no_body()?;
    match call.user_id() {
        Some(user) => call.forget(&permit, &user).await,
        None => call.unchanged(&permit, None, Reply::no_content()).await,
    }
}
