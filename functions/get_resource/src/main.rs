//! The Lambda of `get_resource`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(get_resource::FUNCTION)
}
