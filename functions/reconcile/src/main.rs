//! The Lambda of `reconcile`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(reconcile::FUNCTION)
}
