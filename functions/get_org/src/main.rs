//! The Lambda of `get_org`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(get_org::FUNCTION)
}
