//! The Lambda of `opt_out`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(opt_out::FUNCTION)
}
