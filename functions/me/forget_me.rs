//! Ends every membership of the caller, each in a commit of its own. Where an organization would
//! lose its last owner nothing is changed, and the answer names it.

use orgs_http::policies::{Alone, Ask};
use orgs_http::{Call, Reply, Result};

orgs_http::action!(forget_me, "Ends every membership of the caller", handle);

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let permit = call.permit(&Ask::Alone(Alone::ForgetMe))?;
    call.no_body()?;
    call.forget(&permit, &call.person()?.user_id).await
}
