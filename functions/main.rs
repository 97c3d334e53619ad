//! The Lambda binary of every action: it serves the one that the function's handler names.

fn main() -> Result<(), orgs_runtime::RuntimeError> {
    orgs_runtime::serve(orgs_functions::registry::function)
}
