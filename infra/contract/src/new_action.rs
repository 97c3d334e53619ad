//! `cargo run -- new-action`: writes the skeleton of an action and its rows.

use std::fs;
use std::io;
use std::path::Path;

/// The skeleton was not written.
#[derive(Debug, thiserror::Error)]
pub enum NewActionError {
    /// The name is not in `snake_case`.
    #[error("`{0}` is not a name: use lower-case letters and underscores")]
    InvalidName(String),
    /// `functions/lib.rs` has no such noun.
    #[error("there is no noun `{0}`: functions/lib.rs lists them")]
    UnknownNoun(String),
    /// An action has the name already.
    #[error("the action `{0}` exists already")]
    Exists(String),
    /// A file has no place for the new line.
    #[error("{0} has no place for the new action: add it by hand")]
    NoPlace(String),
    /// A file cannot be read or written.
    #[error("{0}: {1}")]
    Io(String, #[source] io::Error),
}

/// Writes the skeleton of the action: a read of an organization by its viewers, with its test. It
/// compiles and passes, so that each later edit starts from green. Returns the changed files.
///
/// # Errors
/// [`NewActionError`]. All files are checked before the first is written.
pub fn new_action(root: &Path, noun: &str, action: &str) -> Result<Vec<String>, NewActionError> {
    for name in [noun, action] {
        let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
        if name.is_empty() || !name.chars().all(is_name) {
            return Err(NewActionError::InvalidName(name.to_owned()));
        }
    }
    let handler = format!("functions/{noun}/{action}.rs");
    let test_file = format!("tests/{noun}/{action}.rs");
    let route = action.replace('_', "-");
    let camel = camel_case(action);
    let read = |path: &str| {
        fs::read_to_string(root.join(path))
            .map_err(|error| NewActionError::Io(path.to_owned(), error))
    };
    let modules = read("functions/lib.rs")?;
    let head = format!("pub mod {noun} {{\n");
    if !modules.contains(&head) || !root.join(format!("tests/{noun}/mod.rs")).exists() {
        return Err(NewActionError::UnknownNoun(noun.to_owned()));
    }
    let registry = read("functions/registry.rs")?;
    if registry.contains(&format!("::{action}::ACTION")) {
        return Err(NewActionError::Exists(action.to_owned()));
    }
    let scenario =
        format!("        \"{action}\" => drop(bob.get(&path(\"/{route}\")).await.expect(200)),\n");
    let schema = format!(
        "  action {action} in [as_viewer, reads] appliesTo {{ principal: [User], \
         resource: [Organization], context: {{ at: Moment }} }};\n"
    );
    let matrix = ["active", "suspended", "deleted"].map(|state| {
        format!(
            "{action:<36}{state:<11}{:<20}{:<17}{:<20}{:<20}{:<20}not_found",
            "not_found", "not_found", "yes", "yes", "yes"
        )
    });
    let matrix = matrix.join("\n") + "\n";
    let test_modules = format!("tests/{noun}/mod.rs");
    let edits = [
        (handler.as_str(), Some(HANDLER.replace("NAME", action).replace("Camel", &camel))),
        (test_file.as_str(), Some(TEST.to_owned())),
        ("functions/lib.rs", after(&modules, &head, &format!("    pub mod {action};\n"))),
        (
            "functions/registry.rs",
            before(&registry, "];\n\n", &format!("    {noun}::{action}::ACTION,\n")),
        ),
        (
            "policies/schema.cedarschema",
            before(&read("policies/schema.cedarschema")?, "}\n", &schema),
        ),
        (
            "policies/matrix.txt",
            Some(read("policies/matrix.txt")?.trim_end().to_owned() + "\n" + &matrix),
        ),
        (test_modules.as_str(), Some(read(&test_modules)? + &format!("mod {action};\n"))),
        (
            "tests/authz/expected.txt",
            Some(
                read("tests/authz/expected.txt")?.trim_end().to_owned()
                    + &format!(
                        "\n{action:<21}401     404       200     200            200    404\n"
                    ),
            ),
        ),
        (
            "tests/costs.txt",
            Some(
                read("tests/costs.txt")?.trim_end().to_owned()
                    + &format!(
                        "\n{action:<21}    1            1      3       0            2             0\n"
                    ),
            ),
        ),
        (
            "tests/scenarios.rs",
            before(&read("tests/scenarios.rs")?, "        _ => perform_in(", &scenario),
        ),
    ];
    let mut written = Vec::new();
    for (path, text) in edits {
        let text = text.ok_or_else(|| NewActionError::NoPlace(path.to_owned()))?;
        let text = text.replace("NOUN", noun).replace("NAME", action).replace("ROUTE", &route);
        written.push((path.to_owned(), text));
    }
    for (path, text) in &written {
        fs::write(root.join(path), text)
            .map_err(|error| NewActionError::Io(path.clone(), error))?;
    }
    Ok(written.into_iter().map(|(path, _)| path).collect())
}

/// Inserts `line` after the first `place`.
fn after(text: &str, place: &str, line: &str) -> Option<String> {
    let at = text.find(place)? + place.len();
    Some(format!("{}{line}{}", &text[..at], &text[at..]))
}

/// Inserts `line` before the last `place`.
fn before(text: &str, place: &str, line: &str) -> Option<String> {
    let at = text.rfind(place)?;
    Some(format!("{}{line}{}", &text[..at], &text[at..]))
}

/// Returns `change_role` as `ChangeRole`.
fn camel_case(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        })
        .collect()
}

const HANDLER: &str = r#"//! Shows an organization to its members: the skeleton of `NAME`.

use orgs_domain::Role;
use orgs_views::OrgView;
use orgs_policies::{ActionName, AuthzRequest};
use orgs_runtime::action::{Action, Caller, Grant};
use orgs_runtime::{OrgContext, OrgContextQuery, RequestContext, Response, Result, action};

/// The declaration.
pub const ACTION: Action = action!(NAME, returns: OrgView)
    .summary("Show an organization")
    .get("/v1/orgs/{org_id}/ROUTE", Caller::Member(Role::Viewer))
    .grants(&[Grant::ReadCore]);

async fn NAME(ctx: &RequestContext<'_>) -> Result<Response> {
    let org = OrgContext::load(ctx, ctx.org_id()?, OrgContextQuery::default()).await?;
    let _viewer = org.authorize(&AuthzRequest::new(ActionName::Camel))?;
    Ok(Response::ok(&OrgView::of(&org.org, org.caller_member()?.role))?.version(org.org.version))
}
"#;

const TEST: &str = r#"//! `GET /v1/orgs/{org_id}/ROUTE`

use crate::world::World;

#[tokio::test]
async fn a_member_sees_the_organization() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let shown = ann.get(&format!("/v1/orgs/{org}/ROUTE")).await.expect(200);
    assert_eq!(shown["id"], org.as_str());
}
"#;
