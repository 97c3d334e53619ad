//! The Lambda of `preview_invitation`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(preview_invitation::FUNCTION)
}
