//! The Lambda of `leave_org`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(leave_org::FUNCTION)
}
