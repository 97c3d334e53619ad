//! Creates an organization. Nothing is read first: that the creator is below the limit, and
//! everything new, are conditions of the one transaction.

use orgs_domain::name::{Description, Metadata};
use orgs_domain::org::{self, EmailNotVerifiedError, OrgView};
use orgs_domain::{OrgId, OrgName, Role};
use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{Problem, ProblemCode, RequestContext, Response, Result, action};
use orgs_store::NewOrg;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(create_org, body: CreateOrg, returns: OrgView)
    .summary("Create an organization")
    .description("The caller becomes its first owner.")
    .post("/v1/orgs", Caller::Verified)
    .created()
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[ProblemCode::EmailNotVerified, ProblemCode::OrgLimitReached])
    .event(Shape::Nothing, Shape::Object("Org"));

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

async fn create_org(ctx: &RequestContext<'_>) -> Result<Response> {
    let permit = match ctx.authorize(ActionName::CreateOrg) {
        Ok(permit) => permit,
        Err(refusal) => return Err(ctx.replay_or(refusal).await?),
    };
    let CreateOrg { name, description, metadata } = ctx.body()?;
    let id = OrgId::new(ctx.app.ids.generate());
    let create = org::create(id, name, description, metadata, ctx.person()?, ctx.now).map_err(
        |error: EmailNotVerifiedError| {
            Problem::new(ProblemCode::EmailNotVerified, error.to_string())
        },
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
