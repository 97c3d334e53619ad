//! Sets who pays for an organization, from now on: the account of the owner who says so, or the
//! organization's own. What was used before stays with whoever paid then.

use orgs_runtime::domain::EmailAddress;
use orgs_runtime::domain::billing::{self, BillingView, PaidBy};
use orgs_runtime::domain::org::BillingMode;
use orgs_runtime::policies::Ask;
use orgs_runtime::{OrgContextQuery, Problem, RequestContext, Response, Result, non_null};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(set_billing, "Sets who pays for an organization", handle, body: SetBilling, answer: BillingView);

/// What is to be different; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBilling {
    /// `account`: the caller's account pays. `independent`: the organization's own does.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = BillingMode, required = false)]
    mode: Option<BillingMode>,
    /// Where bills go.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, example = "billing@example.com")]
    email: Option<String>,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx.scene(ctx.org_id()?, OrgContextQuery::default()).await?;
    let org = scene.facts();
    scene.require_capability(&Ask::SetBilling { org, in_plan: true })?;
    let SetBilling { mode, email } = ctx.body()?;
    let email = email
        .map(|email| EmailAddress::parse(&email))
        .transpose()
        .map_err(|invalid| Problem::field("/email", &invalid))?;
    let by = &ctx.person()?.user_id;
    // Who pays already may go on, whatever the plan says now.
    let in_plan = mode.is_none_or(|mode| {
        scene.org.billing_modes.allow(mode) || PaidBy::new(mode, by) == scene.org.billing.paid_by
    });
    let permit = scene.authorize(&Ask::SetBilling { org, in_plan })?;
    let before = scene.org.billing_view();
    ctx.if_match(before.version)?;
    let Some(change) = billing::set(&scene.org, mode, email, by, ctx.now) else {
        return scene
            .respond_unchanged(&permit, Response::ok(&before)?.version(before.version))
            .await;
    };
    let after = change.view();
    let response = Response::ok(&after)?.version(after.version);
    scene.commit(&permit, &change, response).await
}
