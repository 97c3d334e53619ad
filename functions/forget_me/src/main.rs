//! The Lambda of `forget_me`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(forget_me::FUNCTION)
}
