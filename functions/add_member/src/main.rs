//! The Lambda of `add_member`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(add_member::FUNCTION)
}
