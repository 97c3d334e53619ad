//! The Lambda of `get_me`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(get_me::FUNCTION)
}
