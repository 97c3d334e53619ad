//! Sets an organization's plan, as the platform's operator decides: seats, suspension, ways to pay.
//! Suspension and deletion are separate facts; this changes only the first.

use orgs_runtime::domain::org::{BillingMode, BillingModes, OrgView};
use orgs_runtime::domain::org_update::{self, PlanPatch};
use orgs_runtime::domain::patch::Patch;
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::{OrgContextQuery, RequestContext, Response, Result, non_null};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_runtime::action!(set_plan, "Sets an organization's plan: seats, suspension, ways to pay", handle, body: SetPlan, answer: OrgView);

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

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx
        .scene(
            ctx.org_id()?,
            OrgContextQuery { service: Some("orgs:operate"), ..OrgContextQuery::default() },
        )
        .await?;
    let permit = scene.authorize(&Ask::OfOrg(OfOrg::SetPlan, scene.facts()))?;
    let SetPlan { seat_limit, status, billing_modes } = ctx.body()?;
    ctx.if_match(scene.org.version)?;
    let patch = PlanPatch {
        seat_limit,
        suspended: status.map(|status| status == PlanStatus::Suspended),
        billing_modes,
    };
    let Some(change) = org_update::set_plan(&scene.org, patch, ctx.now) else {
        return scene
            .respond_unchanged(
                &permit,
                Response::ok(&scene.org.view(None))?.version(scene.org.version),
            )
            .await;
    };
    let response = Response::ok(&change.after().view(None))?.version(change.after().version);
    scene.commit(&permit, &change, response).await
}
