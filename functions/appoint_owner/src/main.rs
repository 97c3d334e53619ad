//! The Lambda of `appoint_owner`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(appoint_owner::FUNCTION)
}
