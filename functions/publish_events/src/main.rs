//! The Lambda of `publish_events`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(publish_events::FUNCTION)
}
