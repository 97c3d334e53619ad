//! The Lambda of `query_usage`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(query_usage::FUNCTION)
}
