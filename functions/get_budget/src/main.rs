//! The Lambda of `get_budget`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(get_budget::FUNCTION)
}
