//! The Lambda of `revoke_invitation`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(revoke_invitation::FUNCTION)
}
