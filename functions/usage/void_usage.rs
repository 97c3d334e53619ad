//! Takes usage events back out of every total, each once, within their 7 days: what was recorded by
//! mistake. The id stays known, so the event does not count again when it is sent again.

use orgs_runtime::domain::usage::{EVENTS_PER_CALL_MAX, Voided};
use orgs_runtime::policies::{Ask, OfOrg};
use orgs_runtime::{OrgContextQuery, Problem, RequestContext, Response, Result};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

orgs_runtime::action!(void_usage, "Takes usage events back out of every total, each once", handle, body: VoidUsage, answer: Outcome);

/// Which events.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidUsage {
    /// 1 to 500 ids of events.
    #[schema(min_items = 1, max_items = 500, example = json!(["run-7f3a-1"]))]
    ids: Vec<String>,
}

/// What became of the events.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VoidedUsage)]
pub struct Outcome {
    /// Each id's own answer, in order.
    results: Vec<IdResult>,
}

/// What became of an event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VoidResult)]
pub struct IdResult {
    /// The event's id.
    #[schema(example = "run-7f3a-1")]
    id: String,
    /// What became of it.
    status: Voided,
}

async fn handle(ctx: &RequestContext<'_>) -> Result<Response> {
    let scene = ctx
        .scene(
            ctx.org_id()?,
            OrgContextQuery { service: Some("usage:write"), ..OrgContextQuery::default() },
        )
        .await?;
    let permit = scene.authorize(&Ask::OfOrg(OfOrg::VoidUsage, scene.facts()))?;
    let VoidUsage { ids } = ctx.body()?;
    if !(1..=EVENTS_PER_CALL_MAX).contains(&ids.len()) {
        return Err(Problem::invalid("/ids", "out_of_range", "must hold 1 to 500 ids").into());
    }
    let response = |voided: &[Voided]| {
        let results = ids
            .iter()
            .cloned()
            .zip(voided)
            .map(|(id, status)| IdResult { id, status: *status })
            .collect();
        Response::ok(&Outcome { results })
    };
    let remembered = |voided: &[Voided]| {
        response(voided).map_or((200, None), |response| {
            (response.status, response.text_body().map(str::to_owned))
        })
    };
    let key = ctx.idempotency_key();
    let voided = ctx.app.store.void_usage(&permit, &ids, key.as_ref(), remembered, ctx.now).await;
    response(&voided.map_err(|error| ctx.commit_error(error))?)
}
