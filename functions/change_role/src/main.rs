//! The Lambda of `change_role`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(change_role::FUNCTION)
}
