//! The Lambda of `alert_budget`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(alert_budget::FUNCTION)
}
