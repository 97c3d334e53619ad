//! The Lambda of `decline_invitation`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(decline_invitation::FUNCTION)
}
