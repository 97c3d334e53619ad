//! The Lambda of `transfer_ownership`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(transfer_ownership::FUNCTION)
}
