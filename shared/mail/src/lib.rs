//! The mails, and the only code that talks to SES.
//!
//! To add a mail: two templates (text and HTML) and a function that turns what it tells into a
//! [`Message`].

mod invitation;
mod mailer;
mod notice;

pub use invitation::{Secrets, invitation};
pub use mailer::{MailError, MailSettings, Mailer, Message};
pub use notice::{billing_moved, budget};
