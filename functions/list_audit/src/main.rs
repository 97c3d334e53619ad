//! The Lambda of `list_audit`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(list_audit::FUNCTION)
}
