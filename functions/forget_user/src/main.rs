//! The Lambda of `forget_user`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(forget_user::FUNCTION)
}
