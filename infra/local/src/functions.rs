//! The functions of a host: each has clients of its own, which allow only the calls of its grants.

use std::sync::Arc;

use aws_types::SdkConfig;
use orgs_domain::{Clock, Ids};
use orgs_events::Publisher;
use orgs_functions::registry::ACTIONS;
use orgs_mail::Mailer;
use orgs_runtime::action::{Action, Grant, Trigger};
use orgs_runtime::{AppState, Function, Metrics, Settings};
use orgs_store::Store;

use crate::call_log::{CallLog, Watcher};

/// The parts that the functions share.
pub(crate) struct Functions {
    pub(crate) url: String,
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    /// One generator, so that ids sort by creation across functions.
    pub(crate) ids: Arc<Ids>,
    pub(crate) call_log: Arc<CallLog>,
    /// The DynamoDB of requests and schedules.
    pub(crate) dynamo: SdkConfig,
    /// The DynamoDB of streams and the mail queue.
    pub(crate) background_dynamo: SdkConfig,
    pub(crate) ses: SdkConfig,
    pub(crate) bus: SdkConfig,
}

impl Functions {
    /// Returns the state of an action's function.
    pub(crate) fn app(&self, action: &Action) -> Arc<AppState> {
        let settings = &self.settings;
        let watcher = Watcher {
            function: action.name(),
            grants: action.grants,
            call_log: Arc::clone(&self.call_log),
            tables: [settings.store.core_table.clone(), settings.store.usage_table.clone()],
        };
        let dynamo = if matches!(action.trigger, Trigger::Stream(_) | Trigger::MailQueue) {
            &self.background_dynamo
        } else {
            &self.dynamo
        };
        let partition = format!("{} {}", self.url, action.name());
        let store = Store::with_interceptor(dynamo, settings.store.clone(), partition, watcher);
        // A function without the grant gets DynamoDB's endpoint here, which rejects the call.
        let endpoint =
            |grant, granted| if action.grants.contains(&grant) { granted } else { dynamo };
        Arc::new(AppState {
            store,
            mailer: Mailer::new(endpoint(Grant::SendMail, &self.ses), settings.mail.clone()),
            events: Publisher::new(
                endpoint(Grant::PublishEvents, &self.bus),
                settings.event_bus.clone(),
            ),
            settings: settings.clone(),
            clock: self.clock.clone(),
            ids: Arc::clone(&self.ids),
            metrics: Metrics::default(),
        })
    }

    /// Returns the functions that a trigger starts, each with its state.
    pub(crate) fn driven_by(&self, trigger: Trigger) -> Vec<(Function, Arc<AppState>)> {
        ACTIONS
            .iter()
            .filter(|action| action.trigger == trigger)
            .map(|action| (action.function, self.app(action)))
            .collect()
    }
}
