//! The Lambda of `deliver_invitation`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(deliver_invitation::FUNCTION)
}
