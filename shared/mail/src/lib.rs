//! The mails, and the only code that talks to SES.
//!
//! Each mail has a folder in `templates` with `subject.txt`, `body.txt` and `body.html`. The
//! templates hold every sentence; the code passes names, amounts and dates. `frame.txt` and
//! `frame.html` are shared by all mails. Text that a user typed is escaped in `.html` files only.
//!
//! To add a mail, add a folder, and a function that renders it into a [`Message`].

mod billing_moved;
mod budget_alert;
mod invitation;
mod mailer;

pub use billing_moved::billing_moved;
pub use budget_alert::budget_alert;
pub use invitation::{Secrets, invitation};
pub use mailer::{MailError, MailSettings, Mailer, Message};
