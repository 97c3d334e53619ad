//! The Lambda of `set_policies`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(set_policies::FUNCTION)
}
