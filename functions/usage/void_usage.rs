//! Takes usage events back out of every total, each once, within their 7 days: what was recorded by
//! mistake. The id stays known, so the event does not count again when it is sent again.

use orgs_domain::usage::{EVENTS_PER_CALL_MAX, Voided};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response, Result, action,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(void_usage, body: VoidUsage, returns: Outcome)
    .summary("Void usage events")
    .description(
        "Subtracts events from every total, each once, within 7 days of their timestamp. The id \
         stays known, so a voided event does not count when it is sent again.",
    )
    .post("/v1/orgs/{org_id}/usage/void", Caller::Service("usage:write"))
    .grants(&[Grant::ReadCore, Grant::CommitCore, Grant::ReadUsage, Grant::CommitUsage])
    .problems(&[ProblemCode::MissingPermission]);

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
#[schema(as = VoidUsageResponse)]
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

async fn void_usage(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(
        ctx,
        ctx.org_id()?,
        OrgContextQuery { service: Some("usage:write"), ..OrgContextQuery::default() },
    )
    .await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::VoidUsage))?;
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
