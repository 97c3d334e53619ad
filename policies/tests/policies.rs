//! The policies, read as a stranger would: valid, complete, and saying what the contract says.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::str::FromStr;

use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
use orgs_domain::org::Status;
use orgs_domain::{EmailAddress, OrgId, Person, Role, UserId};
use orgs_policies::{Ask, Authorizer, GROUPS, OrgFacts, POLICIES, Principal, SCHEMA};
use serde::Deserialize;

type Tested = Result<(), Box<dyn Error>>;

fn schema() -> Result<Schema, Box<dyn Error>> {
    Ok(Schema::from_cedarschema_str(SCHEMA)?.0)
}

#[test]
fn the_policies_are_strictly_valid_and_each_has_an_id_of_its_own() -> Tested {
    let policies = PolicySet::from_str(&POLICIES.concat())?;
    let answer = Validator::new(schema()?).validate(&policies, ValidationMode::Strict);
    assert!(answer.validation_passed_without_warnings(), "{answer}");
    let ids: BTreeSet<&str> = policies.policies().filter_map(|policy| policy.annotation("id")).collect();
    assert_eq!(ids.len(), policies.policies().count());
    Ok(())
}

#[test]
fn every_action_group_of_the_schema_is_known_to_the_authorizer() -> Tested {
    let mut in_schema: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut groups = BTreeSet::new();
    for action in schema()?.action_entities()?.iter() {
        let id = action.uid().id().unescaped().to_owned();
        let parents: BTreeSet<String> = action.clone().into_inner().2.iter().map(|parent| parent.id().unescaped().to_owned()).collect();
        groups.extend(parents.iter().cloned());
        in_schema.insert(id, parents);
    }
    in_schema.retain(|action, _| !groups.contains(action));
    let in_code: BTreeMap<String, BTreeSet<String>> = GROUPS
        .iter()
        .map(|(action, parents)| ((*action).to_owned(), parents.iter().map(|parent| (*parent).to_owned()).collect()))
        .collect();
    assert_eq!(in_code, in_schema, "src/groups.rs and schema.cedarschema say different things");
    Ok(())
}

/// Someone who may be asked about in a matrix or a case.
struct Caller {
    person: Person,
    scopes: Vec<String>,
}

impl Caller {
    fn new() -> Result<Self, Box<dyn Error>> {
        let person = Person {
            user_id: UserId::parse("ann")?,
            email: Some(EmailAddress::parse("ann@example.com")?),
            email_verified: true,
            name: None,
        };
        Ok(Self { person, scopes: ["usage:write", "orgs:operate", "access:check"].map(str::to_owned).to_vec() })
    }

    fn principal(&self, column: &str) -> Result<Principal<'_>, Box<dyn Error>> {
        Ok(match column {
            "nobody" => Principal::Nobody,
            "outsider" => Principal::Person { person: &self.person, role: None },
            "service" => Principal::Service { id: &self.person.user_id, scopes: &self.scopes },
            role => Principal::Person { person: &self.person, role: Some(role_named(role)?) },
        })
    }
}

fn role_named(name: &str) -> Result<Role, Box<dyn Error>> {
    Role::ALL.into_iter().find(|role| role.as_str() == name).ok_or_else(|| format!("no role {name}").into())
}

fn org(state: &str) -> Result<OrgFacts, Box<dyn Error>> {
    let status =
        [Status::Active, Status::Suspended, Status::Deleted].into_iter().find(|status| status.as_str() == state).unwrap_or(Status::Active);
    Ok(OrgFacts { id: OrgId::parse("org_01980000000070008000000000000001")?, status })
}

/// Reads `change_role(viewer->owner)` and its like.
fn with_ask<T>(text: &str, org: OrgFacts, email: &str, use_it: impl FnOnce(&Ask<'_>) -> T) -> Result<T, Box<dyn Error>> {
    let (name, arguments) = text.trim_end_matches(')').split_once('(').unwrap_or((text, ""));
    let (other, me) = (UserId::parse("bob")?, UserId::parse("ann")?);
    let email = EmailAddress::parse(email)?.key();
    let role = || role_named(arguments);
    let ask = match name {
        "health" => Ask::Health,
        "get_me" => Ask::GetMe,
        "forget_me" => Ask::ForgetMe,
        "forget_user" => Ask::ForgetUser,
        "opt_out" => Ask::OptOut,
        "transfer_ownership" => Ask::TransferOwnership { org },
        "add_member" => Ask::AddMember { org },
        "appoint_owner" => Ask::AppointOwner { org },
        "list_orgs" => Ask::ListOrgs,
        "create_org" => Ask::CreateOrg,
        "preview_invitation" => Ask::PreviewInvitation,
        "accept_invitation" => Ask::AcceptInvitation { org, role: Role::Viewer, email: &email },
        "list_my_invitations" => Ask::ListMyInvitations,
        "decline_invitation" => Ask::DeclineInvitation { org, role: Role::Viewer, email: &email },
        "resend_invitation" => Ask::ResendInvitation { org, role: role()?, email: &email },
        "revoke_invitation" => Ask::RevokeInvitation { org, role: role()?, email: &email },
        "get_member" => Ask::GetMember { org },
        "get_org" => Ask::GetOrg { org },
        "list_members" => Ask::ListMembers { org },
        "list_invitations" => Ask::ListInvitations { org },
        "query_usage" => Ask::QueryUsage { org },
        "record_usage" => Ask::RecordUsage { org },
        "leave_org" => Ask::LeaveOrg { org, member: &me, role: Role::Viewer },
        "invite_member" => Ask::InviteMember { org, role: role()? },
        "invite_members" => Ask::InviteMembers { org, role: role()? },
        "remove_member" => Ask::RemoveMember { org, member: &other, role: role()? },
        "change_role" => {
            let (from, to) = arguments.split_once("->").ok_or("change_role(from->to)")?;
            Ask::ChangeRole { org, member: &other, role: role_named(from)?, to: role_named(to)? }
        }
        other => return Err(format!("no way to ask for {other}: add it to with_ask in policies/tests/policies.rs").into()),
    };
    Ok(use_it(&ask))
}

#[test]
fn the_matrix_says_what_the_authorizer_answers() -> Tested {
    let authorizer = Authorizer::shared()?;
    let matrix = include_str!("../matrix.txt");
    let mut lines = matrix.lines().filter(|line| !line.starts_with('#'));
    let columns: Vec<&str> = lines.next().ok_or("a head line")?.split_whitespace().collect();
    let caller = Caller::new()?;
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for line in lines {
        let cells: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(cells.len(), columns.len(), "{line}");
        seen.insert(cells[0].split('(').next().unwrap_or_default().to_owned());
        for (column, want) in columns.iter().zip(&cells).skip(2) {
            let principal = caller.principal(column)?;
            let got = with_ask(cells[0], org(cells[1])?, "ann@example.com", |ask| authorizer.permit(principal, ask))?;
            let got = got.map_or_else(|denial| denial.code, |_| "yes".to_owned());
            if got != *want {
                wrong.push(format!("{} {} {column}: the matrix says {want}, the authorizer {got}", cells[0], cells[1]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let actions: BTreeSet<String> = GROUPS.iter().map(|(action, _)| (*action).to_owned()).collect();
    assert_eq!(seen, actions, "every action needs its rows in policies/matrix.txt");
    Ok(())
}

/// A case: one question and its whole answer, readable as a sentence by its file's name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    principal: String,
    #[serde(default)]
    email: Option<String>,
    #[serde(default = "verified")]
    email_verified: bool,
    ask: String,
    #[serde(default)]
    invited: Option<String>,
    #[serde(default)]
    org: String,
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    policies: Vec<String>,
    #[serde(default)]
    required_role: Option<Role>,
}

fn verified() -> bool {
    true
}

fn cases(folder: &str) -> Result<Vec<(String, Case)>, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(folder);
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let case = serde_json::from_str(&fs::read_to_string(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
        cases.push((path.display().to_string(), case));
    }
    assert!(!cases.is_empty());
    Ok(cases)
}

fn answer(case: &Case) -> Result<Result<(), orgs_policies::Denial>, Box<dyn Error>> {
    let mut caller = Caller::new()?;
    if let Some(email) = &case.email {
        caller.person.email = Some(EmailAddress::parse(email)?);
    }
    caller.person.email_verified = case.email_verified;
    let principal = caller.principal(&case.principal)?;
    let authorizer = Authorizer::shared()?;
    with_ask(&case.ask, org(&case.org)?, case.invited.as_deref().unwrap_or("ann@example.com"), |ask| {
        authorizer.permit(principal, ask).map(|_| ())
    })
}

#[test]
fn the_allow_cases_are_allowed() -> Tested {
    for (name, case) in cases("allow")? {
        assert_eq!(answer(&case)?, Ok(()), "{name}");
    }
    Ok(())
}

#[test]
fn the_deny_cases_are_denied_and_explain_themselves() -> Tested {
    for (name, case) in cases("deny")? {
        let Err(denial) = answer(&case)? else { return Err(format!("{name} was allowed").into()) };
        assert_eq!(
            (Some(&denial.code), &denial.policies, denial.required_role),
            (case.code.as_ref(), &case.policies, case.required_role),
            "{name}"
        );
        assert!(!denial.reason.is_empty() && !denial.reason.ends_with('.'), "{name}: {}", denial.reason);
    }
    Ok(())
}

#[test]
fn a_permit_says_what_it_is_for() -> Tested {
    let caller = Caller::new()?;
    let facts = org("active")?;
    let permit = with_ask("invite_member(viewer)", facts, "ann@example.com", |ask| {
        Authorizer::shared()?.permit(caller.principal("administrator")?, ask).map_err(Box::<dyn Error>::from)
    })??;
    assert_eq!(
        (permit.action(), permit.actor(), permit.role(), permit.org()),
        ("invite_member", Some(&caller.person.user_id), Some(Role::Administrator), Some(facts.id))
    );
    Ok(())
}
