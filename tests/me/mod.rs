//! `/v1/me`, `/v1/users/{user_id}`, `/v1/health`, and what the gateway answers by itself.

mod forget_me;
mod forget_user;
mod gateway;
mod get_me;
mod health;
