//! The Lambda of `get_billing`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(get_billing::FUNCTION)
}
