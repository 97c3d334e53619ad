//! The Lambda of `check_access`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(check_access::FUNCTION)
}
