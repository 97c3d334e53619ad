//! Takes usage events back out of every total, each once, within their 7 days: what was recorded by
//! mistake. The id stays known, so the event does not count again when it is sent again.

use orgs_http::domain::usage::{MOST_EVENTS, Voided};
use orgs_http::policies::{Ask, OfOrg};
use orgs_http::{Call, Problem, Reply, Result, Wants};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

orgs_http::action!(void_usage, "Takes usage events back out of every total, each once", handle, body: VoidUsage, answer: Outcome);

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

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call
        .scene(call.org_id()?, Wants { service: Some("usage:write"), ..Wants::default() })
        .await?;
    let permit = scene.permit(&Ask::OfOrg(OfOrg::VoidUsage, scene.facts()))?;
    let VoidUsage { ids } = call.body()?;
    if !(1..=MOST_EVENTS).contains(&ids.len()) {
        return Err(Problem::invalid("/ids", "out_of_range", "must hold 1 to 500 ids").into());
    }
    let reply = |voided: &[Voided]| {
        let results = ids
            .iter()
            .cloned()
            .zip(voided)
            .map(|(id, status)| IdResult { id, status: *status })
            .collect();
        Reply::ok(&Outcome { results })
    };
    let remembered = |voided: &[Voided]| {
        reply(voided)
            .map_or((200, None), |reply| (reply.status, reply.text_body().map(str::to_owned)))
    };
    let key = call.idempotency_key();
    let voided =
        call.world.store.void_usage(&permit, &ids, key.as_ref(), remembered, call.now).await;
    reply(&voided.map_err(|error| call.not_recorded(error))?)
}
