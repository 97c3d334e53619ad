//! Voids usage events that were recorded by mistake: subtracts each from every total, once, within
//! 95 days of its timestamp. The id stays recorded, so a voided event does not count if it is sent
//! again.

use orgs_domain::AuditId;
use orgs_domain::name::Description;
use orgs_domain::usage::{EVENTS_PER_CALL_MAX, Voided};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response, Result, action,
};
use orgs_store::Voiding;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(void_usage, body: VoidUsage, returns: Outcome)
    .summary("Void usage events")
    .description(
        "Subtracts each event from every total, once, within 95 days of its timestamp. If the \
         month of the event is closed, its totals stay, and the statement of the current month \
         takes the event back by an adjustment. The id stays \
         recorded, so a voided event does not count if you send it again, or for the first time. \
         The audit log names the service client, the ids and the reason.",
    )
    .post("/v1/orgs/{org_id}/usage/void", Caller::Service("usage:void"))
    .grants(&[
        Grant::ReadCore,
        Grant::CommitCore,
        Grant::ReadUsage,
        Grant::UpdateUsage,
        Grant::CommitUsage,
    ])
    .problems(&[ProblemCode::MissingPermission])
    .event("Voided usage", Shape::Nothing, Shape::Object("VoidedUsage"));

/// The usage events to void.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidUsage {
    /// The ids of the events: 1 to 500.
    #[schema(min_items = 1, max_items = 500, example = json!(["run-7f3a-1"]))]
    ids: Vec<String>,
    /// The reason, for the audit log: at most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500, example = "the meter counted a test run")]
    reason: Option<String>,
}

/// The result of each event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VoidUsageResponse)]
pub struct Outcome {
    /// The results of the events, in the order of the request.
    results: Vec<IdResult>,
}

/// The result of voiding one event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VoidResult)]
pub struct IdResult {
    /// The id of the event, as it was sent.
    #[schema(example = "run-7f3a-1")]
    id: String,
    /// The status of the event after the request.
    status: Voided,
}

async fn void_usage(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(
        ctx,
        ctx.org_id()?,
        OrgContextQuery { service: Some("usage:void"), ..OrgContextQuery::default() },
    )
    .await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::VoidUsage))?;
    let VoidUsage { ids, reason } = ctx.body()?;
    if !(1..=EVENTS_PER_CALL_MAX).contains(&ids.len()) {
        return Err(Problem::invalid("/ids", "out_of_range", "must contain 1 to 500 ids").into());
    }
    let reason = reason
        .map(|reason| Description::parse(&reason))
        .transpose()
        .map_err(|invalid| Problem::field("/reason", &invalid))?;
    let response = |voided: &[Voided]| {
        let results = ids
            .iter()
            .cloned()
            .zip(voided)
            .map(|(id, status)| IdResult { id, status: *status })
            .collect();
        Response::ok(&Outcome { results })
    };
    let stored_response = |voided: &[Voided]| {
        response(voided).map_or((200, None), |response| {
            (response.status, response.text_body().map(str::to_owned))
        })
    };
    let key = ctx.idempotency_key();
    let request = Voiding {
        permit: &permit,
        ids: &ids,
        reason: reason.as_ref(),
        client_id: &ctx.caller()?.person.user_id,
        request_id: &ctx.request_id,
        key: key.as_ref(),
        now: ctx.now,
    };
    let new_id = || AuditId::new(ctx.app.ids.generate());
    let voided = ctx.app.store.void_usage(&request, stored_response, new_id).await;
    response(&voided.map_err(|error| ctx.commit_error(error))?)
}
