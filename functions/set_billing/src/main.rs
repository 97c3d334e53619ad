//! The Lambda of `set_billing`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(set_billing::FUNCTION)
}
