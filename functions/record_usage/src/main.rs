//! The Lambda of `record_usage`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(record_usage::FUNCTION)
}
