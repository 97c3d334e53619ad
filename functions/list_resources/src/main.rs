//! The Lambda of `list_resources`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(list_resources::FUNCTION)
}
