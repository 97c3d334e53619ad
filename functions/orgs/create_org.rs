//! Creates an organization. Nothing is read first: that the creator is below the limit, and
//! everything new, are conditions of the one transaction.

use orgs_runtime::domain::name::{Description, Metadata};
use orgs_runtime::domain::org::{self, EmailNotVerifiedError, OrgView};
use orgs_runtime::domain::{OrgId, OrgName, Role};
use orgs_runtime::policies::{Alone, Ask};
use orgs_runtime::store::NewOrg;
use orgs_runtime::{Problem, RequestContext, Response, Result};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(create_org, "Creates an organization with the caller as its owner", handle, body: CreateOrg, answer: OrgView);

/// A new organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOrg {
    /// 1 to 64 characters after trimming; no control, bidirectional or zero-width character, no
    /// link (`://`, `www.`, `a.example/`), no `@`, no `=?`. Not unique.
    #[schema(value_type = String, min_length = 1, max_length = 64, example = "Acme")]
    name: OrgName,
    /// At most 500 characters.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500, example = "Makers of everything")]
    description: Option<Description>,
    /// At most 20 values, 12 KiB in all: keys of 1 to 40 characters, values of at most 500.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, String>, example = json!({"crm": "42"}))]
    metadata: Metadata,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let permit = match ctx.authorize(&Ask::Alone(Alone::CreateOrg)) {
        Ok(permit) => permit,
        Err(refusal) => return Err(ctx.replay_or(refusal).await?),
    };
    let CreateOrg { name, description, metadata } = ctx.body()?;
    let id = OrgId::new(ctx.app.ids.generate());
    let create = org::create(id, name, description, metadata, ctx.person()?, ctx.now).map_err(
        |error: EmailNotVerifiedError| Problem::new(403, "email_not_verified", error.to_string()),
    )?;
    let response =
        Response::created(&create.org().view(Role::Owner))?.version(create.org().version);
    ctx.commit(
        &permit,
        None,
        &NewOrg::new(&create, ctx.app.settings.limits.orgs_per_creator),
        response,
    )
    .await
}
