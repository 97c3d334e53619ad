//! Proves properties of the policies for every request that the schema allows and for all possible
//! entities, with Cedar's symbolic compiler and the solver cvc5.
//!
//!     ORGS_TEST_SOLVER=python cargo test --manifest-path policies/proof/Cargo.toml
//!
//! `ORGS_TEST_SOLVER` names a Python with cvc5 (`pip install cvc5`). `.ci/run` sets it.

#![cfg(test)]

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::str::FromStr;

use cedar_policy::{Effect, PolicySet, RequestEnv, Schema};
use cedar_policy_symcc::solver::LocalSolver;
use cedar_policy_symcc::{CedarSymCompiler, CompiledPolicy, CompiledPolicySet};
use tokio::process::Command;

const SCHEMA: &str = include_str!("../../schema.cedarschema");
const POLICIES: [&str; 2] = [include_str!("../../roles.cedar"), include_str!("../../guards.cedar")];

type Tested = Result<(), Box<dyn Error>>;

/// The solver, and the schema of the policies.
struct Prover {
    compiler: CedarSymCompiler<LocalSolver>,
    schema: Schema,
}

impl Prover {
    #[expect(clippy::disallowed_methods, reason = "the tests' own setting")]
    fn here() -> Result<Self, Box<dyn Error>> {
        let python = std::env::var("ORGS_TEST_SOLVER")
            .map_err(|_| "set ORGS_TEST_SOLVER to a Python with cvc5")?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("cvc5_stdin.py");
        let solver = LocalSolver::from_command(Command::new(python).arg(script))?;
        Ok(Self {
            compiler: CedarSymCompiler::new(solver)?,
            schema: Schema::from_cedarschema_str(SCHEMA)?.0,
        })
    }

    /// Returns every combination of a principal type, an action and a resource type.
    fn requests(&self) -> Vec<RequestEnv> {
        self.schema.request_envs().collect()
    }

    fn compiled(
        &self,
        policies: &str,
        request: &RequestEnv,
    ) -> Result<CompiledPolicySet, Box<dyn Error>> {
        Ok(CompiledPolicySet::compile(&PolicySet::from_str(policies)?, request, &self.schema)?)
    }

    /// Returns true if the policies deny every request of this kind.
    async fn denies_all(
        &mut self,
        policies: &str,
        request: &RequestEnv,
    ) -> Result<bool, Box<dyn Error>> {
        let compiled = self.compiled(policies, request)?;
        Ok(self.compiler.check_always_denies_opt(&compiled).await?)
    }

    /// Returns the kinds of requests for which `policies` allow a request that `others` deny.
    async fn more_than(
        &mut self,
        policies: &str,
        others: &str,
    ) -> Result<Vec<String>, Box<dyn Error>> {
        let mut found = Vec::new();
        for request in self.requests() {
            let (first, other) =
                (self.compiled(policies, &request)?, self.compiled(others, &request)?);
            if !self.compiler.check_implies_opt(&first, &other).await? {
                found.push(shown(&request));
            }
        }
        Ok(found)
    }
}

fn shown(request: &RequestEnv) -> String {
    format!("{} {} {}", request.principal(), request.action(), request.resource())
}

fn base() -> String {
    POLICIES.concat()
}

/// Adds a policy to the policies.
fn and(policies: &str, policy: &str) -> String {
    format!("{policies}\n@id(\"more\") {policy};")
}

/// A policy that denies members of the organization, so that only requests of outsiders remain.
const MEMBERS: &str = "forbid (principal, action, resource) when { principal is Orgs::User && principal has org && resource has org && principal.org == resource.org }";

#[tokio::test]
async fn no_policy_can_raise_an_error() -> Tested {
    let mut prover = Prover::here()?;
    let policies = PolicySet::from_str(&base())?;
    for request in prover.requests() {
        for policy in policies.policies() {
            let compiled = CompiledPolicy::compile(policy, &request, &prover.schema)?;
            let is_safe = prover.compiler.check_never_errors_opt(&compiled).await?;
            assert!(is_safe, "{:?} on {}", policy.annotation("id"), shown(&request));
        }
    }
    Ok(())
}

#[tokio::test]
async fn every_permit_allows_some_request() -> Tested {
    let mut prover = Prover::here()?;
    let policies = PolicySet::from_str(&base())?;
    let (permits, forbids): (Vec<_>, Vec<_>) =
        policies.policies().partition(|policy| policy.effect() == Effect::Permit);
    let forbids: String = forbids.iter().map(|policy| policy.to_string() + "\n").collect();
    for permit in permits {
        let alone = format!("{permit}\n{forbids}");
        let mut is_alive = false;
        for request in prover.requests() {
            is_alive = is_alive || !prover.denies_all(&alone, &request).await?;
        }
        assert!(is_alive, "{:?} allows no request", permit.annotation("id"));
    }
    Ok(())
}

#[tokio::test]
async fn outsiders_are_always_denied() -> Tested {
    let mut prover = Prover::here()?;
    // An invited person answers the invitation before they are a member.
    let answers = ["accept_invitation", "decline_invitation"];
    let outsiders = and(&base(), MEMBERS);
    let mut seen = BTreeSet::new();
    for request in prover.requests() {
        let action = request.action().id().unescaped().to_owned();
        let is_of_org = request.resource().to_string() != "Orgs::System"
            && request.principal().to_string() == "Orgs::User";
        if is_of_org && !answers.contains(&action.as_str()) {
            assert!(
                prover.denies_all(&outsiders, &request).await?,
                "the policies allow an outsider: {}",
                shown(&request)
            );
            seen.insert(action);
        }
    }
    assert!(seen.len() > 30, "{seen:?}");
    Ok(())
}

#[tokio::test]
async fn without_the_isolation_guard_an_outsider_is_allowed() -> Tested {
    let mut prover = Prover::here()?;
    let policies = PolicySet::from_str(&base())?;
    let without: String = policies
        .policies()
        .filter(|policy| policy.annotation("id") != Some("guard.tenant-isolation"))
        .map(|policy| policy.to_string() + "\n")
        .collect();
    let outsiders = and(&without, MEMBERS);
    let mut found = false;
    for request in prover
        .requests()
        .iter()
        .filter(|request| request.resource().to_string() == "Orgs::Organization")
    {
        found = found || !prover.denies_all(&outsiders, request).await?;
    }
    assert!(found, "without the guard, the policies must allow an outsider");
    Ok(())
}

/// Returns the policies with `higher` replaced by `lower`, so that a member with the lower role
/// gets the permissions of the higher one.
///
/// The condition `enough` replaces the checks of the setting for `high` cost resources: it is true
/// if the higher role satisfies the setting `{setting}`.
fn promoted(higher: &str, lower: &str, enough: &str) -> Result<String, Box<dyn Error>> {
    let text = base();
    let asked = format!("principal in Orgs::Role::\"{higher}\"");
    assert!(text.contains(&asked), "{asked}");
    let mut promoted = text.replace(&asked, &format!("principal in Orgs::Role::\"{lower}\""));
    for setting in ["resource.high_cost_creators", "resource.org.high_cost_creators"] {
        let asked = format!("principal in {setting} ");
        assert!(promoted.contains(&asked), "{asked}");
        promoted = promoted.replace(&asked, &format!("{} ", enough.replace("{setting}", setting)));
    }
    Ok(promoted)
}

#[tokio::test]
async fn administrators_have_all_permissions_of_viewers() -> Tested {
    let mut prover = Prover::here()?;
    let viewers = and(
        &base(),
        "forbid (principal is Orgs::User, action, resource) unless { principal in Orgs::Role::\"viewer\" && !(principal in Orgs::Role::\"administrator\") && !(principal in Orgs::Role::\"owner\") }",
    );
    let promoted = promoted("administrator", "viewer", "{setting} != Orgs::Role::\"owner\"")?;
    assert_eq!(prover.more_than(&viewers, &promoted).await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn owners_have_all_permissions_of_administrators() -> Tested {
    let mut prover = Prover::here()?;
    let administrators = and(
        &base(),
        "forbid (principal is Orgs::User, action, resource) unless { principal in Orgs::Role::\"viewer\" && principal in Orgs::Role::\"administrator\" && !(principal in Orgs::Role::\"owner\") }",
    );
    let owners = promoted("owner", "administrator", "principal in Orgs::Role::\"viewer\"")?;
    // `guard.plan-restricted` denies owners only, but administrators cannot set billing at all.
    assert_eq!(prover.more_than(&administrators, &owners).await?, Vec::<String>::new());
    // Owners have more permissions than administrators, so the reverse proof must fail.
    let as_owners = and(
        &owners,
        "forbid (principal is Orgs::User, action, resource) unless { principal in Orgs::Role::\"administrator\" }",
    );
    assert!(!prover.more_than(&as_owners, &base()).await?.is_empty());
    Ok(())
}
