//! What every action is handed.

use std::sync::Arc;

use aws_types::SdkConfig;
use orgs_domain::{Clock, Ids};
use orgs_events::Publisher;
use orgs_mail::Mailer;
use orgs_store::Store;

use crate::metrics::Metrics;
use crate::settings::Settings;

/// The data, the mail, the time and the settings: made once per process.
#[derive(Debug)]
pub struct AppState {
    /// The data.
    pub store: Store,
    /// The mail.
    pub mailer: Mailer,
    /// The events.
    pub events: Publisher,
    /// The settings.
    pub settings: Settings,
    /// The time.
    pub clock: Clock,
    /// Fresh ids.
    pub ids: Arc<Ids>,
    /// What is measured.
    pub metrics: Metrics,
}

impl AppState {
    /// The world in the place that `sdk` names.
    #[must_use]
    pub fn new(sdk: &SdkConfig, settings: Settings, clock: Clock) -> Self {
        let store = Store::new(sdk, settings.store.clone());
        let mailer = Mailer::new(sdk, settings.mail.clone());
        let events = Publisher::new(sdk, settings.event_bus.clone());
        let ids = Arc::new(Ids::new(clock.clone()));
        Self { store, mailer, events, settings, clock, ids, metrics: Metrics::default() }
    }
}
