//! The Lambda of `get_policies`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(get_policies::FUNCTION)
}
