//! Steps before a denial because of a budget: expired holds give their credits back, and the owners
//! hear about the first denial.

use orgs_domain::budget::{Budget, BudgetUse};
use orgs_domain::budget_alert::{self, AlertHistory, Facts};
use orgs_domain::{AuditId, Credits, Month, OrgId};
use orgs_store::AlertRecord;

use crate::problem::{ActionError, Result};
use crate::request_context::RequestContext;

impl RequestContext<'_> {
    /// Ends expired holds if holds reserve credits of the month's budget. The action then runs again
    /// if more of the budget is left than before, also if another process ended the holds.
    ///
    /// # Errors
    /// [`ActionError::Retry`] if more is left. The errors of the store.
    pub async fn end_expired_holds(
        &self,
        org: &OrgId,
        month: Month,
        used: &BudgetUse,
    ) -> Result<()> {
        if used.held() == Credits::default() {
            return Ok(());
        }
        let store = &self.app.store;
        let has_ended = store.end_expired_holds(org, self.now).await?;
        if has_ended || store.spending(org, month).await?.0.taken() < used.taken() {
            return Err(ActionError::Retry("holds were ended".to_owned()));
        }
        Ok(())
    }

    /// Raises an alert if this is the first run that the budget denies. A failure changes no
    /// decision, and the next denial tries again.
    pub async fn raise_first_denial(
        &self,
        org: &OrgId,
        budget: &Budget,
        (used, history): (&BudgetUse, &AlertHistory),
    ) {
        let facts = Facts {
            budget,
            month: Month::of(self.now),
            spent: used.spent,
            now: self.now,
            hour: None,
            is_denied: true,
        };
        let Some(new) = budget_alert::evaluate(&facts, history) else { return };
        let id = AuditId::new(self.app.ids.generate());
        let record = AlertRecord { id, request_id: &self.request_id, now: self.now };
        if let Err(error) = self.app.store.raise_alert(org, &new, record).await {
            tracing::warn!(%error, "the alert about a denial was not stored");
        }
    }
}
