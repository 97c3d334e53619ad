//! The clients and settings that every action uses.

use std::sync::Arc;

use aws_types::SdkConfig;
use orgs_domain::{Clock, Ids};
use orgs_events::Publisher;
use orgs_mail::Mailer;
use orgs_store::Store;

use crate::metrics::Metrics;
use crate::settings::Settings;

/// The clients and settings that every action uses. A process creates one.
#[derive(Debug)]
pub struct AppState {
    /// The database.
    pub store: Store,
    /// The client of SES.
    pub mailer: Mailer,
    /// The client of EventBridge.
    pub events: Publisher,
    /// The deployment's settings.
    pub settings: Settings,
    /// The source of the current time.
    pub clock: Clock,
    /// The generator of ids.
    pub ids: Arc<Ids>,
    /// The metrics of the current invocation.
    pub metrics: Metrics,
}

impl AppState {
    /// Creates the clients for the endpoints of `sdk`. Nothing connects yet.
    #[must_use]
    pub fn new(sdk: &SdkConfig, settings: Settings, clock: Clock) -> Self {
        let store = Store::new(sdk, settings.store.clone());
        let mailer = Mailer::new(sdk, settings.mail.clone());
        let events = Publisher::new(sdk, settings.event_bus.clone());
        let ids = Arc::new(Ids::new(clock.clone()));
        Self { store, mailer, events, settings, clock, ids, metrics: Metrics::default() }
    }
}
