//! What others are told.

mod publish_events;
mod schema;
