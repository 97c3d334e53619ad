//! The Lambda of `console`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(console::FUNCTION)
}
