//! The Lambda of `resend_invitation`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(resend_invitation::FUNCTION)
}
