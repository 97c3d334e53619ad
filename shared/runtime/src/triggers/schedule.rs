//! Runs actions on the hourly schedule.

use tracing::Instrument;

use crate::action::{Function, Handler};
use crate::app_state::AppState;
use crate::messages::RetryableError;

impl Function {
    /// Runs the action for its schedule.
    ///
    /// # Errors
    /// [`RetryableError`] if Lambda should run it again.
    pub async fn run_schedule(&self, app: &AppState) -> Result<(), RetryableError> {
        let Handler::Schedule(handle) = self.handler else { return Ok(()) };
        handle(app).instrument(tracing::info_span!("schedule", function = self.name)).await
    }
}
