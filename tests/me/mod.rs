//! GET and DELETE /v1/me, DELETE /v1/users/{user_id}, GET /v1/health, and what the gateway answers by itself.

mod forget_me;
mod forget_user;
mod gateway;
mod get_me;
mod health;
