//! Sets an organization's plan for the operator: seat limit, suspension and allowed billing modes.
//! A deleted organization stays deleted, because suspension and deletion are independent.

use orgs_domain::billing::{BillingMode, BillingModes};
use orgs_domain::org_update::{self, PlanPatch};
use orgs_domain::patch::Patch;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, ProblemCode, RequestContext, Response, Result, action, non_null,
};
use orgs_views::OrgView;
use serde::Deserialize;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(set_plan, body: SetPlan, returns: OrgView)
    .summary("Set an organization's plan")
    .description(
        "Changes the fields that the body contains: seat limit, suspension and allowed billing \
         modes. A request without changes leaves the version as it is.",
    )
    .put("/v1/orgs/{org_id}/plan", Caller::Service("orgs:operate"))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[ProblemCode::MissingPermission, ProblemCode::VersionMismatch])
    .event("Changed the plan", Shape::Object("Org"), Shape::Object("Org"));

/// The changes of a plan. Absent fields keep their values.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPlan {
    /// The largest number of members that the plan allows; null means no limit. A limit below the
    /// member count removes nobody; it blocks new members.
    #[serde(default)]
    #[schema(value_type = Option<u32>, example = 10)]
    seat_limit: Patch<u32>,
    /// The new status: `suspended` suspends the organization, `active` ends a suspension.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = PlanStatus, required = false)]
    status: Option<PlanStatus>,
    /// The billing modes that owners can choose from: at least one. If the current billing mode is
    /// no longer allowed, it stays until an owner changes it.
    #[serde(default, deserialize_with = "non_null")]
    #[schema(value_type = Vec<BillingMode>, required = false, min_items = 1)]
    billing_modes: Option<BillingModes>,
}

/// The status that the operator sets.
///
/// - `active`: the organization is in use.
/// - `suspended`: members can only read the organization and remove access. Owners can also change
///   billing and delete the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", try_from = "String")]
pub enum PlanStatus {
    /// The organization is in use.
    Active,
    /// Members can only read the organization and remove access. Owners can also change billing and
    /// delete the organization.
    Suspended,
}

impl TryFrom<String> for PlanStatus {
    type Error = &'static str;

    /// Parses the status. A derived implementation would also accept `{"active": null}`.
    fn try_from(status: String) -> std::result::Result<Self, Self::Error> {
        match status.as_str() {
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
            .respond_unchanged(
                &permit,
                Response::ok(&OrgView::of(&org.org, None))?.version(org.org.version),
            )
            .await;
    };
    let response =
        Response::ok(&OrgView::of(change.after(), None))?.version(change.after().version);
    org.commit(&permit, &change, response).await
}
