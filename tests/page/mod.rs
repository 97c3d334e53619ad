//! The page behind the links in mails, and what signs people in on a laptop. What it does in a
//! browser is in `tests/browser`.

mod console;
mod sign_in;
