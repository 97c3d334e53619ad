//! The Lambda of `delete_resource`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(delete_resource::FUNCTION)
}
