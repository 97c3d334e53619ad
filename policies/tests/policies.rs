//! Tests of the policies: they are valid, cover every action, and decide as the contract says.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::str::FromStr;

use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
use chrono::DateTime;
use orgs_domain::org::Status;
use orgs_domain::{OrgId, Person, Role, UserId};
use orgs_policies::{
    ACTIONS, ActionName, Authorizer, AuthzRequest, OrgFacts, OrgPolicySet, POLICIES, Principal,
    PrincipalKind, SCHEMA, Scenario, ScenarioRequest,
};
use serde::Deserialize;

type Tested = Result<(), Box<dyn Error>>;

fn schema() -> Result<Schema, Box<dyn Error>> {
    Ok(Schema::from_cedarschema_str(SCHEMA)?.0)
}

#[test]
fn the_policies_pass_strict_validation_and_have_unique_ids() -> Tested {
    let policies = PolicySet::from_str(&POLICIES.concat())?;
    let result = Validator::new(schema()?).validate(&policies, ValidationMode::Strict);
    assert!(result.validation_passed_without_warnings(), "{result}");
    let ids: BTreeSet<&str> =
        policies.policies().filter_map(|policy| policy.annotation("id")).collect();
    assert_eq!(ids.len(), policies.policies().count());
    Ok(())
}

#[test]
fn the_action_groups_match_the_schema() -> Tested {
    let mut in_schema: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut groups = BTreeSet::new();
    for action in schema()?.action_entities()?.iter() {
        let id = action.uid().id().unescaped().to_owned();
        let parents: BTreeSet<String> = action
            .clone()
            .into_inner()
            .2
            .iter()
            .map(|parent| parent.id().unescaped().to_owned())
            .collect();
        groups.extend(parents.iter().cloned());
        in_schema.insert(id, parents);
    }
    in_schema.retain(|action, _| !groups.contains(action));
    let in_code: BTreeMap<String, BTreeSet<String>> = ACTIONS
        .iter()
        .map(|schema| {
            let groups = schema.groups.iter().map(|group| (*group).to_owned());
            (schema.name.to_owned(), groups.collect())
        })
        .collect();
    assert_eq!(in_code, in_schema, "src/actions.rs differs from schema.cedarschema");
    Ok(())
}

fn principal_kind(word: &str) -> Result<PrincipalKind, Box<dyn Error>> {
    PrincipalKind::named(word).ok_or_else(|| format!("unknown principal `{word}`").into())
}

/// Returns the scenario of a cell of the matrix. The state `any` is for actions that are not about
/// an organization.
fn scenario(word: &str, state: &str) -> Result<Scenario<'static>, Box<dyn Error>> {
    let scenario = Scenario::of(principal_kind(word)?);
    if matches!(state, "any" | "") {
        Ok(scenario)
    } else {
        scenario.in_state(state).ok_or_else(|| format!("unknown state `{state}`").into())
    }
}

fn request(text: &str) -> Result<ScenarioRequest, Box<dyn Error>> {
    ScenarioRequest::named(text).ok_or_else(|| format!("unknown request `{text}`").into())
}

#[test]
fn the_authorizer_decides_as_the_matrix_says() -> Tested {
    let authorizer = Authorizer::shared()?;
    let matrix = include_str!("../matrix.txt");
    let mut lines = matrix.lines().filter(|line| !line.starts_with('#'));
    let columns: Vec<&str> =
        lines.next().ok_or("the matrix has no header")?.split_whitespace().collect();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for line in lines {
        let cells: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(cells.len(), columns.len(), "{line}");
        seen.insert(cells[0].split('(').next().unwrap_or_default().to_owned());
        for (column, want) in columns.iter().zip(&cells).skip(2) {
            let got = request(cells[0])?.evaluate(authorizer, &scenario(column, cells[1])?);
            let got = got.map_or_else(|denial| denial.code.to_string(), |_| "yes".to_owned());
            if got != *want {
                wrong.push(format!(
                    "{} {} {column}: the matrix says {want}, the authorizer says {got}",
                    cells[0], cells[1]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let actions: BTreeSet<String> = ACTIONS.iter().map(|schema| schema.name.to_owned()).collect();
    assert_eq!(seen, actions, "every action needs rows in policies/matrix.txt");
    Ok(())
}

#[test]
fn the_authorizer_of_one_action_decides_like_the_shared_one() -> Tested {
    let shared = Authorizer::shared()?;
    let own = OrgPolicySet::stored(
        r#"forbid (principal, action in [Orgs::Action::"as_administrator", Orgs::Action::"get_budget"], resource)
        unless { action in Orgs::Action::"reads" };
        forbid (principal, action == Orgs::Action::"list_members", resource) when { Orgs::Action::"get_org" in Orgs::Action::"reads" };
        forbid (principal, action == Orgs::Action::"get_budget", resource) unless { Orgs::Action::"get_org" in Orgs::Action::"writes" };"#,
    );
    let states = ["active", "suspended", "deleted"];
    let mut evaluated = 0;
    let by_action: BTreeMap<&str, Authorizer> = ACTIONS
        .iter()
        .map(|schema| Ok((schema.name, Authorizer::build_for_action(schema.action)?)))
        .collect::<Result<_, Box<dyn Error>>>()?;
    for request in ScenarioRequest::all() {
        // The result of `for_action` depends on how many actions the process has used before.
        let (built, cached) = (
            &by_action[request.action()],
            Authorizer::for_action(ActionName::named(request.action()).ok_or("unknown action")?)?,
        );
        for (who, state) in
            PrincipalKind::ALL.into_iter().flat_map(|who| states.map(|state| (who, state)))
        {
            for own in [None, Some(&*own)] {
                let scenario =
                    Scenario { own, ..Scenario::of(who) }.in_state(state).ok_or("unknown state")?;
                let expected = request.evaluate(shared, &scenario);
                assert_eq!(
                    request.evaluate(built, &scenario),
                    expected,
                    "{request} {} {state}",
                    who.as_str()
                );
                assert_eq!(
                    request.evaluate(cached, &scenario),
                    expected,
                    "{request} {} {state}",
                    who.as_str()
                );
                evaluated += 1;
            }
        }
    }
    assert!(evaluated > 1000, "{evaluated}");
    Ok(())
}

/// A case: one request and its complete decision. Its file name is a sentence that describes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    principal: String,
    #[serde(default = "yes")]
    email_verified: bool,
    #[serde(default = "yes")]
    invited: bool,
    ask: String,
    #[serde(default)]
    org: String,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    policies: Vec<String>,
    #[serde(default)]
    required_role: Option<Role>,
}

fn yes() -> bool {
    true
}

fn cases(folder: &str) -> Result<Vec<(String, Case)>, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(folder);
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let case = serde_json::from_str(&fs::read_to_string(&path)?)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        cases.push((path.display().to_string(), case));
    }
    assert!(!cases.is_empty());
    Ok(cases)
}

fn decision(case: &Case) -> Result<Result<Vec<String>, orgs_policies::Denial>, Box<dyn Error>> {
    let scenario = scenario(&case.principal, &case.org)?;
    let scenario =
        Scenario { is_verified: case.email_verified, is_invited: case.invited, ..scenario };
    Ok(request(&case.ask)?.evaluate(Authorizer::shared()?, &scenario))
}

#[test]
fn the_allow_cases_are_allowed() -> Tested {
    for (name, case) in cases("allow")? {
        assert!(decision(&case)?.is_ok(), "{name}");
    }
    Ok(())
}

#[test]
fn the_deny_cases_are_denied_with_their_reason() -> Tested {
    for (name, case) in cases("deny")? {
        let Err(denial) = decision(&case)? else {
            return Err(format!("{name} was allowed").into());
        };
        assert_eq!(
            (Some(&denial.code.to_string()), &denial.policies, denial.required_role),
            (case.code.as_ref(), &case.policies, case.required_role),
            "{name}"
        );
        assert!(
            !denial.reason.is_empty() && !denial.reason.ends_with('.'),
            "{name}: {}",
            denial.reason
        );
    }
    Ok(())
}

#[test]
fn a_permit_names_its_action_actor_role_and_organization() -> Tested {
    let person =
        Person { user_id: UserId::parse("ann")?, email: None, email_verified: false, name: None };
    let id = OrgId::parse("org_01980000000070008000000000000001")?;
    let org = OrgFacts {
        id,
        status: Status::Active,
        high_cost_creators: Role::Owner,
        own: None,
        at: DateTime::UNIX_EPOCH,
    };
    let principal = Principal::Person { person: &person, role: Some(Role::Administrator) };
    let permit = Authorizer::shared()?.authorize(
        principal,
        &AuthzRequest::invite(ActionName::InviteMember, Role::Viewer),
        Some(org),
    )?;
    assert_eq!(
        (permit.action(), permit.actor(), permit.role(), permit.org()),
        ("invite_member", Some(&person.user_id), Some(Role::Administrator), Some(id))
    );
    Ok(())
}

#[test]
fn concurrent_preparation_does_not_change_decisions() {
    let nobody = Principal::Nobody;
    for action in [ActionName::Health, ActionName::GetMe] {
        let expected = Authorizer::shared()
            .unwrap()
            .authorize(nobody, &AuthzRequest::new(action), None)
            .map(|permit| permit.policies().to_vec());
        let decisions: Vec<_> = std::thread::scope(|scope| {
            let authorize = || {
                Authorizer::warm_up(action);
                Authorizer::for_action(action)
                    .unwrap()
                    .authorize(nobody, &AuthzRequest::new(action), None)
                    .map(|permit| permit.policies().to_vec())
            };
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(authorize)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(decisions, vec![expected; 4], "{}", action.as_str());
    }
}

#[test]
fn every_action_has_a_scenario_request() {
    let covered: BTreeSet<&str> =
        ScenarioRequest::all().iter().map(ScenarioRequest::action).collect();
    let actions: BTreeSet<&str> = ACTIONS.iter().map(|schema| schema.name).collect();
    assert_eq!(covered, actions);
}
