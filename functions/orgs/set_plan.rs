//! Sets an organization's plan, as the platform's operator decides: seats, suspension, ways to pay.
//! Suspension and deletion are separate facts; this changes only the first.

use orgs_domain::org::{BillingMode, BillingModes, OrgView};
use orgs_domain::org_update::{self, PlanPatch};
use orgs_domain::patch::Patch;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action, non_null,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(set_plan, body: SetPlan, returns: OrgView)
    .summary("Set an organization's plan")
    .description(
        "Seats, suspension and billing modes. A seat limit below the member count removes \
         nobody. It blocks new members.",
    )
    .put("/v1/orgs/{org_id}/plan", Caller::Service("orgs:operate"))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[ProblemCode::MissingPermission, ProblemCode::VersionMismatch])
    .event(Shape::Object("Org"), Shape::Object("Org"));

/// What is to be different; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPlan {
    /// Members that the plan allows; null for no limit. Fewer than there are send nobody away:
    /// nobody else joins.
    #[serde(default)]
    #[schema(value_type = Option<u32>, example = 10)]
    seat_limit: Patch<u32>,
    /// Whether the organization is in use.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = PlanStatus, required = false)]
    status: Option<PlanStatus>,
    /// The ways to pay that owners may choose from.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = Vec<BillingMode>, required = false, min_items = 1)]
    billing_modes: Option<BillingModes>,
}

/// Whether an organization is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", try_from = "String")]
pub enum PlanStatus {
    /// It is.
    Active,
    /// It is not: readable, not writable.
    Suspended,
}

impl TryFrom<String> for PlanStatus {
    type Error = &'static str;

    /// Serde itself would also read `{"active": null}`.
    fn try_from(word: String) -> std::result::Result<Self, Self::Error> {
        match word.as_str() {
            "active" => Ok(Self::Active),
            "suspended" => Ok(Self::Suspended),
            _ => Err("must be `active` or `suspended`"),
        }
    }
}

async fn set_plan(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(
        ctx,
        ctx.org_id()?,
        OrgContextQuery { service: Some("orgs:operate"), ..OrgContextQuery::default() },
    )
    .await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::SetPlan))?;
    let SetPlan { seat_limit, status, billing_modes } = ctx.body()?;
    ctx.if_match(org.org.version)?;
    let patch = PlanPatch {
        seat_limit,
        suspended: status.map(|status| status == PlanStatus::Suspended),
        billing_modes,
    };
    let Some(change) = org_update::set_plan(&org.org, patch, ctx.now) else {
        return org
            .respond_unchanged(&permit, Response::ok(&org.org.view(None))?.version(org.org.version))
            .await;
    };
    let response = Response::ok(&change.after().view(None))?.version(change.after().version);
    org.commit(&permit, &change, response).await
}
