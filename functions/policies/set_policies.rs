//! Replaces an organization's own policies: `forbid` policies in Cedar that restrict its members.
//! They never apply to this action, so while the organization is active, an owner can always change
//! them again.

use std::time::Duration;

use orgs_domain::Role;
use orgs_domain::org_policies::{self, OrgPolicies};
use orgs_policies::{ActionName, AuthzRequest, OrgPolicySet, PolicyDiagnostic};
use orgs_runtime::action::{Action, Caller, Grant, Shape};
use orgs_runtime::{
    FieldProblem, OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response,
    Result, action,
};
use serde::Deserialize;
use tokio::sync::oneshot;
use tokio::time::timeout;
use utoipa::ToSchema;

/// The declaration.
pub const ACTION: Action = action!(set_policies, body: SetPolicies, returns: OrgPolicies)
    .summary("Replace the organization's own policies")
    .description(
        "Sets the Cedar policies that forbid what the product's policies would allow. They apply \
         from the next request on. While the organization is active, an owner can always change \
         them.",
    )
    .put("/v1/orgs/{org_id}/policies", Caller::Member(Role::Owner))
    .grants(&[Grant::ReadCore, Grant::CommitCore])
    .problems(&[
        ProblemCode::MissingPermission,
        ProblemCode::OrgNotActive,
        ProblemCode::VersionMismatch,
    ])
    .event("Changed the policies", Shape::Maybe("OrgPolicies"), Shape::Object("OrgPolicies"));

/// The new policies, which replace the current ones.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPolicies {
    /// The policies in Cedar syntax: at most 20 static `forbid` policies of at most 2 KiB each, 8
    /// KiB in total. Expressions are nested at most 16 deep and have at most 4 attributes behind
    /// one `has`. All policies together have at most 1,000 brackets and `if`s. An annotation has at
    /// most 200 characters. The policies must be strictly valid against the schema. An empty text
    /// removes all policies.
    #[schema(
        max_length = 8192,
        example = "forbid (principal, action == Orgs::Action::\"invite_member\", resource) unless { principal in Orgs::Role::\"owner\" };"
    )]
    policies: String,
}

/// The longest check of a text. The request has 8 seconds.
const CHECK_TIME_MAX: Duration = Duration::from_secs(5);

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

/// Checks a text on another thread, so that the request ends in time even if the check does not.
async fn check(policies: &str) -> Result<()> {
    let (sender, checked) = oneshot::channel();
    OrgPolicySet::check_apart(policies.to_owned(), move |result| drop(sender.send(result)));
    wait(checked, CHECK_TIME_MAX).await
}

async fn wait(
    checked: oneshot::Receiver<std::result::Result<(), Vec<PolicyDiagnostic>>>,
    limit: Duration,
) -> Result<()> {
    let at_start =
        |detail: &str| vec![PolicyDiagnostic { line: 1, column: 1, detail: detail.to_owned() }];
    let diagnostics = match timeout(limit, checked).await {
        Ok(Ok(Ok(()))) => return Ok(()),
        Ok(Ok(Err(diagnostics))) => diagnostics,
        Ok(Err(_)) => at_start("the policies cannot be parsed"),
        Err(_) => at_start("the check takes too long; make the policies simpler"),
    };
    Err(invalid_policies(&diagnostics).into())
}

fn invalid_policies(diagnostics: &[PolicyDiagnostic]) -> Problem {
    let errors = diagnostics.iter().map(|PolicyDiagnostic { line, column, detail }| FieldProblem {
        pointer: "/policies".to_owned(),
        code: "invalid_policy".to_owned(),
        detail: format!("line {line}, column {column}: {detail}"),
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
            "line 1, column 1: the check takes too long; make the policies simpler"
        );
        drop(sender);
    }

    #[tokio::test]
    async fn a_check_that_panics_is_refused() {
        let (sender, checked) = oneshot::channel();
        drop(sender);
        assert_eq!(
            detail(wait(checked, CHECK_TIME_MAX).await),
            "line 1, column 1: the policies cannot be parsed"
        );
    }
}
