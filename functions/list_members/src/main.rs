//! The Lambda of `list_members`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(list_members::FUNCTION)
}
