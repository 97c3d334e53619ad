//! The Lambda of `record_delivery`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(record_delivery::FUNCTION)
}
