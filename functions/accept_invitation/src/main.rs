//! The Lambda of `accept_invitation`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(accept_invitation::FUNCTION)
}
