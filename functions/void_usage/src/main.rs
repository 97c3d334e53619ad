//! The Lambda of `void_usage`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(void_usage::FUNCTION)
}
