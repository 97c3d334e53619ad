//! Sets who pays for an organization, from now on: the account of the owner who says so, or the
//! organization's own. What was used before stays with whoever paid then.

use orgs_http::domain::EmailAddress;
use orgs_http::domain::billing::{self, BillingView, PaidBy};
use orgs_http::domain::org::BillingMode;
use orgs_http::policies::Ask;
use orgs_http::{Call, Problem, Reply, Result, Wants, some};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_http::action!(set_billing, "Sets who pays for an organization", handle, body: SetBilling, answer: BillingView);

/// What is to be different; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBilling {
    /// `account`: the caller's account pays. `independent`: the organization's own does.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = BillingMode, required = false)]
    mode: Option<BillingMode>,
    /// Where bills go.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = String, required = false, example = "billing@example.com")]
    email: Option<String>,
}

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call.scene(call.org_id()?, Wants::default()).await?;
    let org = scene.facts();
    scene.could(&Ask::SetBilling { org, in_plan: true })?;
    let SetBilling { mode, email } = call.body()?;
    let email = email
        .map(|email| EmailAddress::parse(&email))
        .transpose()
        .map_err(|invalid| Problem::field("/email", &invalid))?;
    let by = &call.person()?.user_id;
    // Who pays already may go on, whatever the plan says now.
    let in_plan = mode.is_none_or(|mode| {
        scene.org.billing_modes.allow(mode) || PaidBy::new(mode, by) == scene.org.billing.paid_by
    });
    let permit = scene.permit(&Ask::SetBilling { org, in_plan })?;
    let before = scene.org.billing_view();
    call.if_match(before.version)?;
    let Some(change) = billing::set(&scene.org, mode, email, by, call.now) else {
        return scene.unchanged(&permit, Reply::ok(&before)?.version(before.version)).await;
    };
    let after = change.view();
    let reply = Reply::ok(&after)?.version(after.version);
    scene.commit(&permit, &change, reply).await
}
