//! Sets an organization's own policies: forbids in Cedar that narrow what its members may do. They
//! never keep an owner from changing them again.

use orgs_domain::Role;
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    FieldProblem, OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response,
    Result, action,
};
use std::time::Duration;

use orgs_domain::org_policies::{self, OrgPolicies};
use orgs_policies::{ActionName, AuthzRequest, OrgPolicySet, PolicyDiagnostic};
use serde::Deserialize;
use tokio::sync::oneshot;
use tokio::time::timeout;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(set_policies, body: SetPolicies, returns: OrgPolicies)
    .summary("Replace the organization's own policies")
    .description(
        "Policies in Cedar that forbid what the product's policies would allow. They apply from \
         the next request on.",
    )
    .put("/v1/orgs/{org_id}/policies", Caller::Member(Role::Owner))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OrgNotActive,
        ProblemCode::VersionMismatch,
    ])
    .event(Shape::Maybe("OrgPolicies"), Shape::Object("OrgPolicies"));

/// The policies.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPolicies {
    /// Cedar: at most 20 static `forbid` policies, 2 KiB each, 8 KiB in all, nested at most 16
    /// deep, with at most 4 attributes behind one `has`, strictly valid against the schema. Empty
    /// for none.
    #[schema(
        max_length = 8192,
        example = "forbid (principal, action == Orgs::Action::\"invite_member\", resource) unless { principal in Orgs::Role::\"owner\" };"
    )]
    policies: String,
}

/// The longest time that a check may take. The request has 8 seconds.
const CHECK_SECONDS_MAX: Duration = Duration::from_secs(5);

async fn set_policies(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(ctx, ctx.org_id()?, OrgContextQuery::default()).await?;
    let permit = org.authorize(&AuthzRequest::new(ActionName::SetPolicies))?;
    let SetPolicies { policies } = ctx.body()?;
    check(&policies).await?;
    let before = org.policies();
    ctx.if_match(before.version)?;
    let Some(change) = org_policies::set(org.org.id, &before, policies) else {
        return org
            .respond_unchanged(&permit, Response::ok(&before)?.version(before.version))
            .await;
    };
    let response = Response::ok(change.after())?.version(change.after().version);
    org.commit(&permit, &change, response).await
}

/// Checks a text on another thread, so that the request ends in time even if the check goes on.
async fn check(policies: &str) -> Result<()> {
    let (sender, checked) = oneshot::channel();
    OrgPolicySet::check_apart(policies.to_owned(), move |result| drop(sender.send(result)));
    wait(checked, CHECK_SECONDS_MAX).await
}

async fn wait(
    checked: oneshot::Receiver<std::result::Result<(), Vec<PolicyDiagnostic>>>,
    limit: Duration,
) -> Result<()> {
    let flaw =
        |detail: &str| vec![PolicyDiagnostic { line: 1, column: 1, detail: detail.to_owned() }];
    let flaws = match timeout(limit, checked).await {
        Ok(Ok(Ok(()))) => return Ok(()),
        Ok(Ok(Err(flaws))) => flaws,
        Ok(Err(_)) => flaw("the policies cannot be parsed"),
        Err(_) => flaw("the check takes too long: make the policies simpler"),
    };
    Err(refused(&flaws).into())
}

fn refused(flaws: &[PolicyDiagnostic]) -> Problem {
    let errors = flaws.iter().map(|flaw| FieldProblem {
        pointer: "/policies".to_owned(),
        code: "invalid_policy".to_owned(),
        detail: format!("line {}, column {}: {}", flaw.line, flaw.column, flaw.detail),
    });
    Problem { errors: errors.collect(), ..Problem::invalid("/policies", "invalid_policy", "") }
}

#[cfg(test)]
mod tests {
    use orgs_runtime::ActionError;

    use super::*;

    fn detail(result: Result<()>) -> String {
        match result {
            Err(ActionError::Problem(problem)) if problem.code.status() == 422 => {
                problem.errors[0].detail.clone()
            }
            other => format!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_check_that_does_not_end_is_refused() {
        let (sender, checked) = oneshot::channel();
        assert_eq!(
            detail(wait(checked, Duration::ZERO).await),
            "line 1, column 1: the check takes too long: make the policies simpler"
        );
        drop(sender);
    }

    #[tokio::test]
    async fn a_check_that_panics_is_refused() {
        let (sender, checked) = oneshot::channel();
        drop(sender);
        assert_eq!(
            detail(wait(checked, CHECK_SECONDS_MAX).await),
            "line 1, column 1: the policies cannot be parsed"
        );
    }
}
