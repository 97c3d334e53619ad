//! The console with its invitation page, and the development sign-in. `tests/browser` tests them in
//! a browser.

mod console;
mod sign_in;
