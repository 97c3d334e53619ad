//! The events that the service publishes.

mod publish_events;
mod schema;
