//! The Lambda of `set_plan`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(set_plan::FUNCTION)
}
