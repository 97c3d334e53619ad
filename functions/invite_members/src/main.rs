//! The Lambda of `invite_members`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(invite_members::FUNCTION)
}
