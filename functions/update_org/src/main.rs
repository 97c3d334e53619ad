//! The Lambda of `update_org`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(update_org::FUNCTION)
}
