//! The Lambda of `create_org`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(create_org::FUNCTION)
}
