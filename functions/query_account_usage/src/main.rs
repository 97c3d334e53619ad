//! The Lambda of `query_account_usage`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(query_account_usage::FUNCTION)
}
