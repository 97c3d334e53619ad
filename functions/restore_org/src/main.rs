//! The Lambda of `restore_org`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(restore_org::FUNCTION)
}
