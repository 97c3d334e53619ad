//! The Lambda of `list_orgs`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(list_orgs::FUNCTION)
}
