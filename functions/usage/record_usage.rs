//! Records usage events. Each event counts exactly once, by its id, so a retry is safe without an
//! `Idempotency-Key`. Events are recorded for suspended and deleted organizations too, because the
//! usage has happened.

use std::collections::BTreeSet;

use orgs_domain::HoldId;
use orgs_domain::booking::BookedEvent;
use orgs_domain::usage::batch::Batch;
use orgs_domain::usage::{EVENTS_PER_CALL_MAX, EventInput, MaxAge, Status};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response, Result, action,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(record_usage, body: RecordUsage, returns: RecordUsageResponse)
    .summary("Record usage events")
    .description(
        "Counts each event once, by its id, even if you send it again. The request therefore \
         needs no `Idempotency-Key`. The account that paid at the event's timestamp is charged. \
         Usage is also recorded if the organization is suspended or deleted, or has exceeded its \
         budget. An event with `hold_id` captures that hold in the same transaction.",
    )
    .post("/v1/orgs/{org_id}/usage/events", Caller::Service("usage:write"))
    .grants(&[
        Grant::ReadCore,
        Grant::ReadUsage,
        Grant::UpdateUsage,
        Grant::CommitUsage,
        Grant::EndHolds,
    ])
    .problems(&[ProblemCode::MissingPermission]);

/// The largest body of a request: 512 KiB.
const BODY_BYTES_MAX: usize = 512 * 1024;

/// The usage events to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordUsage {
    /// The events: 1 to 500. Each event has its own result, so an invalid event does not affect the
    /// others.
    #[schema(value_type = Vec<EventInput>, min_items = 1, max_items = 500)]
    events: Vec<Value>,
}

/// The number of events by result, and the result of each event.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordUsageResponse {
    /// The number of events that are recorded now: those with the status `accepted`.
    #[schema(example = 1)]
    accepted: usize,
    /// The number of events that were recorded before: those with the status `duplicate`.
    #[schema(example = 0)]
    duplicates: usize,
    /// The number of events that do not count: those with any other status.
    #[schema(example = 0)]
    rejected: usize,
    /// The results of the events, in the order of the request.
    results: Vec<UsageEventResult>,
}

/// The result of recording one event.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageEventResult {
    /// The id of the event; null if the event has no `id` or the `id` is not a string.
    #[schema(example = "run-7f3a-1")]
    id: Option<String>,
    /// The status of the event after the request.
    status: Status,
}

/// Returns the ids of the holds that the first 500 events name.
fn hold_ids(events: &[Value]) -> BTreeSet<HoldId> {
    let named = events.iter().take(EVENTS_PER_CALL_MAX);
    named.filter_map(|event| HoldId::parse(event.get("hold_id")?.as_str()?).ok()).collect()
}

async fn record_usage(ctx: &RequestContext<'_>) -> Result<Response> {
    let org_id = ctx.org_id()?;
    let body = ctx.body_up_to::<RecordUsage>(BODY_BYTES_MAX, true);
    let hold_ids = body.as_ref().map_or_else(|_| BTreeSet::new(), |body| hold_ids(&body.events));
    let query = OrgContextQuery { service: Some("usage:write"), ..OrgContextQuery::default() };
    let holds = ctx.app.store.holds(&org_id, &hold_ids, ctx.now);
    let (org, holds) = OrgContext::load_with(ctx, org_id, query, holds).await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::RecordUsage))?;
    let RecordUsage { events } = body?;
    if !(1..=EVENTS_PER_CALL_MAX).contains(&events.len()) {
        return Err(
            Problem::invalid("/events", "out_of_range", "must contain 1 to 500 events").into()
        );
    }
    let client = ctx.caller()?;
    let batch = Batch::read(&events, MaxAge::of_client(&client.scopes), ctx.now);
    let booked: Vec<BookedEvent> = batch
        .events()
        .iter()
        .map(|event| BookedEvent::new(event.clone(), &org.org, ctx.now))
        .collect();
    let store = &ctx.app.store;
    let late_ids = batch.late_ids();
    let (recorded, earlier) = tokio::try_join!(
        store.record_usage(&permit, &client.person.user_id, &booked, &holds, ctx.now),
        store.recorded_before(&permit, &late_ids),
    )
    .map_err(|error| ctx.commit_error(error))?;
    let results: Vec<UsageEventResult> = batch
        .answers(&recorded, &earlier)
        .into_iter()
        .map(|(id, status)| UsageEventResult { id, status })
        .collect();
    let count = |status: Status| results.iter().filter(|result| result.status == status).count();
    let (accepted, duplicates) = (count(Status::Accepted), count(Status::Duplicate));
    Response::ok(&RecordUsageResponse {
        accepted,
        duplicates,
        rejected: results.len() - accepted - duplicates,
        results,
    })
}
