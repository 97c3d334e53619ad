//! The commands `explain` and `diff-policies`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type Tested = Result<(), Box<dyn Error>>;

/// Runs the command. Returns its standard output, or its standard error if it fails.
fn local(arguments: &[&str]) -> Result<Result<String, String>, Box<dyn Error>> {
    let output = Command::new(env!("CARGO_BIN_EXE_local")).args(arguments).output()?;
    let (out, error) = (String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?);
    Ok(if output.status.success() { Ok(out) } else { Err(error) })
}

/// Writes a file for a test and returns its path.
fn file(name: &str, text: &str) -> Result<PathBuf, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text)?;
    Ok(path)
}

/// Returns a path as a command line argument.
fn word(path: &Path) -> Result<&str, Box<dyn Error>> {
    path.to_str().ok_or_else(|| "the path is not UTF-8".into())
}

const POLICIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies");
const OFFICE_HOURS: &str = r#"
@id("office-hours") @reason("changes are made in office hours")
forbid (principal, action, resource)
when { context has at && (context.at.hour < 7 || context.at.hour >= 19 || context.at.weekday > 5) }
unless { action in Orgs::Action::"reads" };
"#;

#[test]
fn explain_names_the_policy_that_allows() -> Tested {
    let output = local(&["explain", "list_members", "--as", "viewer"])??;
    assert_eq!(
        output,
        "list_members by viewer, state: active\n  decision  allow\n  policies  permit.viewer\n"
    );
    Ok(())
}

#[test]
fn explain_lists_the_smallest_changes_that_would_allow_a_denied_request() -> Tested {
    for (arguments, expected) in [
        (vec!["change_role(viewer->owner)", "--as", "administrator"], vec!["with the role owner"]),
        (vec!["get_org", "--as", "outsider"], vec!["with the role viewer"]),
        (vec!["list_orgs", "--as", "nobody"], vec!["signed in"]),
        (
            vec!["record_usage", "--as", "owner"],
            vec!["as a service client with the required scope"],
        ),
        (
            vec!["create_resource(high)", "--as", "administrator", "--state", "owners"],
            vec!["with the role owner", "if high_cost_creators is administrator"],
        ),
        (
            vec![
                "accept_invitation",
                "--as",
                "outsider",
                "--state",
                "suspended,unverified,uninvited",
            ],
            vec![
                "if the organization is active, and with a verified address, and with the invited address",
            ],
        ),
        (
            vec!["remove_member(owner)", "--as", "viewer", "--state", "deleted"],
            vec!["with the role owner"],
        ),
    ] {
        let output = local(&[vec!["explain"], arguments.clone()].concat())??;
        let changes: Vec<&str> =
            output.lines().filter_map(|line| line.strip_prefix("  allowed   ")).collect();
        assert_eq!(changes, expected, "{arguments:?}: {output}");
    }
    Ok(())
}

#[test]
fn explain_applies_an_organizations_own_policies_and_the_time() -> Tested {
    let own = file("office-hours.cedar", OFFICE_HOURS)?;
    let arguments =
        ["explain", "invite_member(viewer)", "--as", "administrator", "--own", word(&own)?, "--at"];
    let at = |time: &'static str| local(&[&arguments[..], &[time]].concat());
    // A Tuesday.
    assert!(at("2026-11-24T18:59:59Z")??.contains("decision  allow"));
    let late = at("2026-11-24T19:00:00Z")??;
    assert!(late.contains("decision  deny, org_policy: changes are made in office hours\n  policies  own.office-hours\n"), "{late}");
    assert!(
        late.contains(
            "  allowed   at Wed 07:00 UTC\n  allowed   without the organization's own policies\n"
        ),
        "{late}"
    );
    // A Friday: the next working day is Monday.
    let friday = at("2026-11-27T19:00:00Z")??;
    assert!(friday.contains("  allowed   at Mon 07:00 UTC\n"), "{friday}");
    Ok(())
}

#[test]
fn explain_lists_the_requests_and_rejects_unknown_ones() -> Tested {
    let requests = local(&["explain", "?"])??;
    assert!(requests.lines().any(|line| line == "change_role(viewer->owner)"), "{requests}");
    assert_eq!(
        local(&["explain", "fly"])?,
        Err("error: unknown request `fly`: list all with `explain '?'`\n".to_owned())
    );
    let broken = file("broken.cedar", "permit (principal, action, resource);")?;
    let refused =
        local(&["explain", "get_org", "--own", word(&broken)?])?.err().unwrap_or_default();
    assert!(refused.contains("broken.cedar:1:1: only `forbid` is allowed"), "{refused}");
    Ok(())
}

#[test]
fn diff_policies_lists_who_gains_and_who_loses() -> Tested {
    // The groups of an action in the schema decide its least role.
    let other = Path::new(env!("CARGO_TARGET_TMPDIR")).join("other-policies");
    fs::create_dir_all(&other)?;
    for name in ["roles.cedar", "guards.cedar"] {
        fs::copy(Path::new(POLICIES).join(name), other.join(name))?;
    }
    let schema = fs::read_to_string(Path::new(POLICIES).join("schema.cedarschema"))?;
    let changed = schema.replace(
        "list_audit, get_policies in [as_administrator, reads]",
        "list_audit, get_policies in [as_owner, reads]",
    );
    assert!(changed != schema, "the schema has no such line");
    fs::write(other.join("schema.cedarschema"), changed)?;
    let table = |change: &str, cells: &str| {
        let requests = ["get_invitation", "get_policies", "list_audit", "list_invitations"];
        let row = format!("administrator  {change}  (any state)\n");
        requests.map(|request| row.replace("{request}", request)).concat() + cells
    };
    let lost = table(
        "loses: {request}  yes -> missing_permission",
        "0 cells gained, 24 lost, 0 denied for another reason\n",
    );
    assert_eq!(local(&["diff-policies", POLICIES, word(&other)?])??, lost);
    let gained = table(
        "gains: {request}  missing_permission -> yes",
        "24 cells gained, 0 lost, 0 denied for another reason\n",
    );
    assert_eq!(local(&["diff-policies", word(&other)?, POLICIES])??, gained);
    assert_eq!(
        local(&["diff-policies", POLICIES, POLICIES])??,
        "0 cells gained, 0 lost, 0 denied for another reason\n"
    );
    Ok(())
}

#[test]
fn diff_policies_compares_an_organizations_own_policies() -> Tested {
    let none = file("none.cedar", "")?;
    let own = file(
        "no-agents.cedar",
        r#"@id("a") forbid (principal, action == Orgs::Action::"remove_member", resource) unless { principal in Orgs::Role::"owner" };"#,
    )?;
    let output =
        local(&["diff-policies", word(&none)?, word(&own)?, "--at", "2026-11-24T12:00:00Z"])??;
    // An administrator may remove everyone but owners, in each state: access can always be removed.
    let expected = "administrator  loses: remove_member(viewer)  yes -> org_policy  (any state)\n\
                    administrator  loses: remove_member(administrator)  yes -> org_policy  (any state)\n\
                    0 cells gained, 12 lost, 0 denied for another reason\n";
    assert_eq!(output, expected);
    let refused =
        local(&["diff-policies", POLICIES, env!("CARGO_TARGET_TMPDIR")])?.err().unwrap_or_default();
    assert!(refused.contains("schema.cedarschema"), "{refused}");
    Ok(())
}
