//! `/v1/me`, `/v1/users/{user_id}`, `/v1/health`, and the responses of the gateway itself.

mod forget_me;
mod forget_user;
mod gateway;
mod get_me;
mod health;
