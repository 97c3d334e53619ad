//! The events that start actions: HTTP requests, stream records, queue messages, schedules, and
//! reports of SES.

mod api_gateway;
mod mail_queue;
mod schedule;
mod ses_feedback;
mod stream;

pub use stream::BatchFailures;
