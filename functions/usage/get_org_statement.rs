//! Shows the usage that an organization owes for a month, if it pays for itself, to its administrators.

use orgs_domain::{AccountId, Role};
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{
    OrgContext, OrgContextQuery, Problem, ProblemCode, RequestContext, Response, Result, action,
};

use super::statement_page::{self, CSV_EXAMPLE, GetStatement, StatementView};

/// The declaration.
pub const ACTION: Action = action!(get_org_statement, query: GetStatement, returns: StatementView)
    .summary("Show an organization's statement")
    .description(
        "The usage that the organization's own account owes for a month. It has the time in which the \
         billing mode was `independent`; other usage is in the statement of the owner who paid. See \
         `get_statement` for the format.",
    )
    .get(
        "/v1/orgs/{org_id}/statements/{month}",
        Caller::MemberOrService(Role::Administrator, "billing:read"),
    )
    .grants(&[Grant::ReadCore, Grant::ReadUsage, Grant::ListUsage])
    .problems(&[ProblemCode::MissingPermission, ProblemCode::ValidationFailed])
    .csv(CSV_EXAMPLE);

async fn get_org_statement(ctx: &RequestContext<'_>) -> Result<Response> {
    let (org_id, month, page) = (ctx.org_id()?, ctx.month(), statement_page::page_number(ctx));
    let account = AccountId::of_org(&org_id);
    let query = OrgContextQuery { service: Some("billing:read"), ..OrgContextQuery::default() };
    // The statement is read at the same time as the organization. Nothing of it is used before the
    // caller is authorized.
    let stored = async {
        match (&month, &page) {
            (Ok(month), Ok(page)) => ctx.app.store.closed_statement(&account, *month, *page).await,
            _ => Ok(None),
        }
    };
    let (org, closed) = tokio::join!(OrgContext::load(ctx, org_id, query), stored);
    let _reader = org?.authorize(&AuthzRequest::new(ActionName::GetOrgStatement))?;
    let month = month.map_err(|invalid| Problem::field("/month", &invalid))?;
    statement_page::respond(ctx, account, month, page?, closed?).await
}
