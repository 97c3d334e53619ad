//! The Lambda of `create_resource`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(create_resource::FUNCTION)
}
