//! Counts usage events, each exactly once, whatever is sent twice: the ids make a retry safe, so an
//! `Idempotency-Key` is not needed. Usage that happened is recorded whatever the state of the
//! organization.

use orgs_domain::usage::{Batch, EVENTS_PER_CALL_MAX, EventInput, Status};
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
        "Each event counts once, by its id, also if you send it again. Usage is recorded \
         whatever the status of the organization. The request needs no `Idempotency-Key`.",
    )
    .post("/v1/orgs/{org_id}/usage/events", Caller::Service("usage:write"))
    .grants(&[Grant::ReadCore, Grant::CommitUsage])
    .problems(&[ProblemCode::MissingPermission]);

/// The most bytes in a call: 512 KiB.
const BODY: usize = 512 * 1024;

/// What was used.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordUsage {
    /// 1 to 500 events. Each is judged on its own: a bad one does not spoil the others.
    #[schema(value_type = Vec<EventInput>, min_items = 1, max_items = 500)]
    events: Vec<Value>,
}

/// What became of the events.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordUsageResponse {
    /// How many were counted now.
    #[schema(example = 1)]
    accepted: usize,
    /// How many had been counted before.
    #[schema(example = 0)]
    duplicates: usize,
    /// How many were not counted.
    #[schema(example = 0)]
    rejected: usize,
    /// Each event's own answer, in order.
    results: Vec<UsageEventResult>,
}

/// What became of an event.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsageEventResult {
    /// The event's id; null where it gave none.
    #[schema(example = "run-7f3a-1")]
    id: Option<String>,
    /// What became of it.
    status: Status,
}

async fn record_usage(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(
        ctx,
        ctx.org_id()?,
        OrgContextQuery { service: Some("usage:write"), ..OrgContextQuery::default() },
    )
    .await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::RecordUsage))?;
    let RecordUsage { events } = ctx.body_up_to(BODY, true)?;
    if !(1..=EVENTS_PER_CALL_MAX).contains(&events.len()) {
        return Err(Problem::invalid("/events", "out_of_range", "must hold 1 to 500 events").into());
    }
    let batch = Batch::read(&events, ctx.now);
    let payer = org.org.billing.account(&org.org.id);
    let recorded = ctx.app.store.record_usage(&permit, &payer, batch.events(), ctx.now).await;
    let recorded = recorded.map_err(|error| ctx.commit_error(error))?;
    let results: Vec<UsageEventResult> = batch
        .answers(&recorded)
        .into_iter()
        .map(|(id, status)| UsageEventResult { id, status })
        .collect();
    let of = |status: Status| results.iter().filter(|result| result.status == status).count();
    let (accepted, duplicates) = (of(Status::Accepted), of(Status::Duplicate));
    Response::ok(&RecordUsageResponse {
        accepted,
        duplicates,
        rejected: results.len() - accepted - duplicates,
        results,
    })
}
