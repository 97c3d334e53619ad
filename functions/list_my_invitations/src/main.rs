//! The Lambda of `list_my_invitations`.

fn main() -> Result<(), orgs_http::RuntimeError> {
    orgs_http::serve(list_my_invitations::FUNCTION)
}
