//! The Lambda of `update_resource`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(update_resource::FUNCTION)
}
