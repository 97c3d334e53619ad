//! The Lambda of `delete_org`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(delete_org::FUNCTION)
}
