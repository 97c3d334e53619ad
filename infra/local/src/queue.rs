//! Stands in for the SQS mail queue and its event source mapping.
//!
//! A message stays in the host's file until the function has handled it. A failed message is
//! delivered again with a growing delay, and dropped with a log line after as many deliveries as on
//! AWS.

use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::sqs::SqsEvent;
use futures::future::join_all;
use orgs_runtime::action::MAIL_QUEUE;
use orgs_runtime::{AppState, Function};
use serde_json::json;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::state::State;

/// The longest wait for a new message.
const POLL_INTERVAL_MAX: Duration = Duration::from_secs(1);

/// The mail queue.
#[derive(Debug)]
pub(crate) struct Queue {
    state: Arc<State>,
    /// Wakes [`Queue::run`] when a message arrives.
    arrived: Notify,
}

/// A message with the time of its next delivery.
#[derive(Debug, Clone)]
struct Message {
    id: i64,
    body: String,
    tries: u32,
    at: Instant,
}

impl Queue {
    pub(crate) fn new(state: Arc<State>) -> Self {
        Self { state, arrived: Notify::new() }
    }

    /// Stores a message, wakes the delivery loop, and returns the message's number.
    pub(crate) fn send(&self, body: &str) -> rusqlite::Result<i64> {
        let id = self.state.add_message(body)?;
        self.arrived.notify_one();
        Ok(id)
    }

    /// Delivers messages to the function until the host stops.
    pub(crate) async fn run(
        self: Arc<Self>,
        function: Function,
        app: Arc<AppState>,
        mut stopped: watch::Receiver<bool>,
    ) {
        let (mut waiting, mut last) = (Vec::<Message>::new(), 0);
        loop {
            match self.state.messages(last) {
                Ok(new) => {
                    last = new.last().map_or(last, |(id, _)| *id);
                    waiting.extend(new.into_iter().map(|(id, body)| Message {
                        id,
                        body,
                        tries: 0,
                        at: Instant::now(),
                    }));
                }
                Err(error) => tracing::warn!(%error, "mail queue not read"),
            }
            let (due, rest) =
                waiting.into_iter().partition::<Vec<_>, _>(|message| message.at <= Instant::now());
            waiting = rest;
            for batches in due.chunks((MAIL_QUEUE.batch_size * MAIL_QUEUE.concurrency) as usize) {
                // The messages stay in the file, and the next start delivers them.
                if *stopped.borrow() {
                    return;
                }
                let batches = batches.chunks(MAIL_QUEUE.batch_size as usize);
                let failed =
                    join_all(batches.map(|batch| self.hand_over(function, &app, batch.to_vec())))
                        .await;
                waiting.extend(failed.into_iter().flatten());
            }
            let next = waiting
                .iter()
                .map(|message| message.at)
                .min()
                .unwrap_or_else(|| Instant::now() + POLL_INTERVAL_MAX);
            tokio::select! {
                () = self.arrived.notified() => {}
                () = tokio::time::sleep_until(next) => {}
                _ = stopped.wait_for(|stopped| *stopped) => return,
            }
        }
    }

    /// Delivers a batch and returns the messages to deliver again. Deletes the handled messages and
    /// those that failed for the last time. If the function panics, the whole batch has failed.
    async fn hand_over(
        &self,
        function: Function,
        app: &Arc<AppState>,
        batch: Vec<Message>,
    ) -> Vec<Message> {
        let records: Vec<_> = batch
            .iter()
            .map(|message| json!({"messageId": message.id.to_string(), "body": message.body}))
            .collect();
        let event: SqsEvent = match serde_json::from_value(json!({"Records": records})) {
            Ok(event) => event,
            Err(error) => {
                tracing::error!(%error, "mail queue messages are not a valid event");
                return Vec::new();
            }
        };
        let app = Arc::clone(app);
        let handled = tokio::spawn(async move { function.receive(&app, event).await }).await;
        let is_failed = |message: &Message| {
            let id = message.id.to_string();
            handled.as_ref().map_or(true, |failures| {
                failures.batch_item_failures.iter().any(|failure| failure.item_identifier == id)
            })
        };
        let (failed, done) = batch.into_iter().partition::<Vec<_>, _>(is_failed);
        let (retried, dropped) = failed
            .into_iter()
            .partition::<Vec<_>, _>(|message| message.tries + 1 < MAIL_QUEUE.receives);
        for message in &dropped {
            tracing::error!(
                message.body,
                deliveries = MAIL_QUEUE.receives,
                "mail request dropped after its last delivery"
            );
        }
        for message in done.iter().chain(&dropped) {
            if let Err(error) = self.state.delete_message(message.id) {
                tracing::warn!(%error, "mail queue message not deleted");
            }
        }
        let later = |message: Message| {
            let tries = message.tries + 1;
            Message {
                tries,
                at: Instant::now() + Duration::from_millis(50 << tries.min(5)),
                ..message
            }
        };
        retried.into_iter().map(later).collect()
    }
}
