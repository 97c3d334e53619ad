//! GET /v1/me, GET /v1/health, and what the gateway answers by itself.

mod gateway;
mod get_me;
mod health;
