//! The Lambda of `list_invitations`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(list_invitations::FUNCTION)
}
