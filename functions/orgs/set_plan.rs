//! Sets an organization's plan, as the platform's operator decides: seats, suspension, ways to pay.
//! Suspension and deletion are separate facts; this changes only the first.

use orgs_http::domain::lifecycle::{self, PlanPatch};
use orgs_http::domain::org::{BillingMode, BillingModes, OrgView};
use orgs_http::domain::patch::Patch;
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::{Call, Reply, Result, Wants, some};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_http::action!(set_plan, "Sets an organization's plan: seats, suspension, ways to pay", handle, body: SetPlan, answer: OrgView);

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
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = PlanStatus, required = false)]
    status: Option<PlanStatus>,
    /// The ways to pay that owners may choose from.
    #[serde(default, deserialize_with = "some")]
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

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call
        .scene(call.org_id()?, Wants { service: Some("orgs:operate"), ..Wants::default() })
        .await?;
    let permit = scene.permit(&Ask::OfOrg(OfOrg::SetPlan, scene.facts()))?;
    let SetPlan { seat_limit, status, billing_modes } = call.body()?;
    call.if_match(scene.org.version)?;
    let patch = PlanPatch {
        seat_limit,
        suspended: status.map(|status| status == PlanStatus::Suspended),
        billing_modes,
    };
    let Some(change) = lifecycle::set_plan(&scene.org, patch, call.now) else {
        return scene
            .unchanged(&permit, Reply::ok(&scene.org.view(None))?.version(scene.org.version))
            .await;
    };
    let reply = Reply::ok(&change.after().view(None))?.version(change.after().version);
    scene.commit(&permit, &change, reply).await
}
