//! The Lambda of `health`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(health::FUNCTION)
}
