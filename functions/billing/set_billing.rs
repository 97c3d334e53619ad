//! Sets the account that pays for an organization from now on: the account of the owner who calls,
//! or the organization's own. Earlier usage stays on the previous account.

use orgs_domain::EmailAddress;
use orgs_domain::Role;
use orgs_domain::billing::{BillingMode, PaidBy};
use orgs_domain::billing_change;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response, Result, action,
    non_null,
};
use orgs_views::BillingView;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(set_billing, body: SetBilling, returns: BillingView)
    .summary("Set the billing")
    .description(
        "Changes the fields that the body contains. The mode `account` makes the caller's account \
         pay from now on. Earlier usage stays on the previous account, also if it is recorded \
         later. If the payer changed 40 times in the last 35 days, or the caller \
         stopped paying 10 times, the mode `account` is 429 `rate_limited`.",
    )
    .put("/v1/orgs/{org_id}/billing", Caller::Member(Role::Owner))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::PlanRestricted,
        ProblemCode::RateLimited,
        ProblemCode::VersionMismatch,
    ])
    .event("Changed billing", Shape::Object("Billing"), Shape::Object("Billing"));

/// The changes of the billing. Absent fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBilling {
    /// The billing mode: `account` if the caller's account is to pay, `independent` if the
    /// organization's own account is to pay. The plan must allow the mode, unless the same account
    /// already pays.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = BillingMode, required = false)]
    mode: Option<BillingMode>,
    /// The e-mail address for bills: at most 254 octets. It can be replaced, but not removed.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = String, required = false, example = "billing@example.com")]
    email: Option<String>,
}

async fn set_billing(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(ctx, ctx.org_id()?, OrgContextQuery::default()).await?;
    org.require_capability(ActionName::SetBilling)?;
    let SetBilling { mode, email } = ctx.body()?;
    let email = email
        .map(|email| EmailAddress::parse(&email))
        .transpose()
        .map_err(|invalid| Problem::field("/email", &invalid))?;
    let by = &ctx.person()?.user_id;
    // The current payer may keep the mode, even if the plan no longer allows it.
    let in_plan = mode.is_none_or(|mode| {
        org.org.billing_modes.allow(mode) || PaidBy::new(mode, by) == org.org.billing.paid_by
    });
    let permit = org.authorize(&AuthzRequest::set_billing(in_plan))?;
    let before = BillingView::of(&org.org, &org.org.billing);
    ctx.if_match(before.version)?;
    let change = billing_change::set(&org.org, mode, email, by, ctx.now)
        .map_err(|error| Problem::payer_locked(error, ctx.now))?;
    let Some(change) = change else {
        return org
            .respond_unchanged(&permit, Response::ok(&before)?.version(before.version))
            .await;
    };
    let after = BillingView::of(&org.org, change.after());
    let response = Response::ok(&after)?.version(after.version);
    org.commit(&permit, &change, response).await
}
