//! The Lambda of `get_member`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(get_member::FUNCTION)
}
