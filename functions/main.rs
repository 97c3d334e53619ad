//! The Lambda binary. It contains every action, and serves the one that the function's handler
//! names.

fn main() -> Result<(), orgs_runtime::RuntimeError> {
    orgs_runtime::serve(orgs_functions::registry::function)
}
