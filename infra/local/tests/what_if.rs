//! `explain` and `diff-policies`, as they are called.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

type Tested = Result<(), Box<dyn Error>>;

/// What the command prints, on the output or, when it fails, on the error output.
fn local(arguments: &[&str]) -> Result<Result<String, String>, Box<dyn Error>> {
    let output = Command::new(env!("CARGO_BIN_EXE_local")).args(arguments).output()?;
    let (out, error) = (String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?);
    Ok(if output.status.success() { Ok(out) } else { Err(error) })
}

fn file(name: &str, text: &str) -> Result<PathBuf, Box<dyn Error>> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text)?;
    Ok(path)
}

fn word(path: &Path) -> Result<&str, Box<dyn Error>> {
    path.to_str().ok_or_else(|| "a path in UTF-8".into())
}

const POLICIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies");
const OFFICE_HOURS: &str = r#"
@id("office-hours") @reason("changes are made in office hours")
forbid (principal, action, resource)
when { context has at && (context.at.hour < 7 || context.at.hour >= 19 || context.at.weekday > 5) }
unless { action in Orgs::Action::"reads" };
"#;

#[test]
fn explain_says_who_allows() -> Tested {
    let said = local(&["explain", "list_members", "--as", "viewer"])??;
    assert_eq!(
        said,
        "list_members, asked by viewer, in the state active\n  decision  allow\n  policies  permit.viewer\n"
    );
    Ok(())
}

#[test]
fn explain_says_who_denies_and_every_shortest_way_out() -> Tested {
    for (arguments, want) in [
        (vec!["change_role(viewer->owner)", "--as", "administrator"], vec!["with the role owner"]),
        (vec!["get_org", "--as", "outsider"], vec!["with the role viewer"]),
        (vec!["list_orgs", "--as", "nobody"], vec!["signed in"]),
        (vec!["record_usage", "--as", "owner"], vec!["as a program with the scope for it"]),
        (
            vec!["create_resource(high)", "--as", "administrator", "--state", "owners"],
            vec!["with the role owner", "where high_cost_creators is administrator"],
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
                "in an organization that is active, and with a verified address, and with the address that is invited",
            ],
        ),
        (
            vec!["remove_member(owner)", "--as", "viewer", "--state", "deleted"],
            vec!["with the role owner"],
        ),
    ] {
        let said = local(&[vec!["explain"], arguments.clone()].concat())??;
        let ways: Vec<&str> =
            said.lines().filter_map(|line| line.strip_prefix("  allowed   ")).collect();
        assert_eq!(ways, want, "{arguments:?}: {said}");
    }
    Ok(())
}

#[test]
fn explain_looks_at_an_organizations_own_policies_and_at_the_time() -> Tested {
    let own = file("office-hours.cedar", OFFICE_HOURS)?;
    let asked =
        ["explain", "invite_member(viewer)", "--as", "administrator", "--own", word(&own)?, "--at"];
    let at = |time: &'static str| local(&[&asked[..], &[time]].concat());
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
fn explain_lists_what_can_be_asked_and_refuses_the_rest() -> Tested {
    let questions = local(&["explain", "?"])??;
    assert!(questions.lines().any(|line| line == "change_role(viewer->owner)"), "{questions}");
    assert_eq!(
        local(&["explain", "fly"])?,
        Err("error: fly: no such question; `?` lists all\n".to_owned())
    );
    let broken = file("broken.cedar", "permit (principal, action, resource);")?;
    let refused =
        local(&["explain", "get_org", "--own", word(&broken)?])?.err().unwrap_or_default();
    assert!(refused.contains("broken.cedar:1:1: only `forbid` is allowed"), "{refused}");
    Ok(())
}

#[test]
fn diff_policies_says_who_gains_and_who_loses() -> Tested {
    // Another least role for an action is another line in the schema.
    let other = Path::new(env!("CARGO_TARGET_TMPDIR")).join("other-policies");
    fs::create_dir_all(&other)?;
    for name in ["roles.cedar", "guards.cedar"] {
        fs::copy(Path::new(POLICIES).join(name), other.join(name))?;
    }
    let schema = fs::read_to_string(Path::new(POLICIES).join("schema.cedarschema"))?;
    let changed = schema.replace(
        "get_policies, get_billing in [as_administrator, reads]",
        "get_policies, get_billing in [as_owner, reads]",
    );
    assert!(changed != schema, "the schema has no such line");
    fs::write(other.join("schema.cedarschema"), changed)?;
    let table = |change: &str, cells: &str| {
        let rows = ["list_invitations", "get_billing", "list_audit", "get_policies"]
            .map(|ask| format!("administrator  {change}  (any state)\n").replace("{ask}", ask));
        rows.concat() + cells
    };
    let lost = table(
        "loses: {ask}  yes -> missing_permission",
        "0 cells gained, 24 lost, 0 denied otherwise\n",
    );
    assert_eq!(local(&["diff-policies", POLICIES, word(&other)?])??, lost);
    let gained = table(
        "gains: {ask}  missing_permission -> yes",
        "24 cells gained, 0 lost, 0 denied otherwise\n",
    );
    assert_eq!(local(&["diff-policies", word(&other)?, POLICIES])??, gained);
    assert_eq!(
        local(&["diff-policies", POLICIES, POLICIES])??,
        "0 cells gained, 0 lost, 0 denied otherwise\n"
    );
    Ok(())
}

#[test]
fn diff_policies_compares_an_organizations_own() -> Tested {
    let none = file("none.cedar", "")?;
    let own = file(
        "no-agents.cedar",
        r#"@id("a") forbid (principal, action == Orgs::Action::"remove_member", resource) unless { principal in Orgs::Role::"owner" };"#,
    )?;
    let said =
        local(&["diff-policies", word(&none)?, word(&own)?, "--at", "2026-11-24T12:00:00Z"])??;
    // An administrator may remove whoever is no owner, in each state: access can always be taken
    // away.
    let want = "administrator  loses: remove_member(viewer)  yes -> org_policy  (any state)\n\
                administrator  loses: remove_member(administrator)  yes -> org_policy  (any state)\n\
                0 cells gained, 12 lost, 0 denied otherwise\n";
    assert_eq!(said, want);
    let refused =
        local(&["diff-policies", POLICIES, env!("CARGO_TARGET_TMPDIR")])?.err().unwrap_or_default();
    assert!(refused.contains("schema.cedarschema"), "{refused}");
    Ok(())
}
