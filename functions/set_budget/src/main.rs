//! The Lambda of `set_budget`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(set_budget::FUNCTION)
}
