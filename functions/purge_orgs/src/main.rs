//! The Lambda of `purge_orgs`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(purge_orgs::FUNCTION)
}
