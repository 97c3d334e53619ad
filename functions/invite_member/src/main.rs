//! The Lambda of `invite_member`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(invite_member::FUNCTION)
}
