//! Creates an organization. The action reads nothing first: the limit of organizations per creator
//! and the absence of the new items are conditions of the one transaction.

use orgs_domain::name::{Description, Metadata};
use orgs_domain::org::{self, EmailNotVerifiedError};
use orgs_domain::{OrgId, OrgName, Role};
use orgs_policies::ActionName;
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{Problem, ProblemCode, RequestContext, Response, Result, action};
use orgs_store::NewOrg;
use orgs_views::OrgView;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(create_org, body: CreateOrg, returns: OrgView)
    .summary("Create an organization")
    .description(
        "Makes the caller the first owner. The caller's account pays for the organization.",
    )
    .post("/v1/orgs", Caller::Verified)
    .created()
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[ProblemCode::EmailNotVerified, ProblemCode::OrgLimitReached])
    .event("Created the organization", Shape::Nothing, Shape::Object("Org"));

/// The organization to create.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateOrg {
    /// The name: 1 to 64 characters after trimming. It must not contain control, bidirectional or
    /// zero-width characters, links (`://`, `www.`, `a.example/`), `@` or `=?`. It is not unique.
    #[schema(value_type = String, min_length = 1, max_length = 64, example = "Acme")]
    name: OrgName,
    /// A description of the organization, at most 500 characters. It is optional.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500, example = "Makers of everything")]
    description: Option<Description>,
    /// Values that your application stores here for itself: at most 20 entries. A key has 1 to 40
    /// characters and a value at most 500; together they have at most 12 KiB. The field is
    /// optional.
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
        Response::created(&OrgView::of(create.org(), Role::Owner))?.version(create.org().version);
    ctx.commit(
        &permit,
        None,
        &NewOrg::new(&create, ctx.app.settings.limits.orgs_per_creator),
        response,
    )
    .await
}
