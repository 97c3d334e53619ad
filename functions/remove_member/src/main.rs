//! The Lambda of `remove_member`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(remove_member::FUNCTION)
}
