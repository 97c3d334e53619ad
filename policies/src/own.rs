//! An organization's own policies: forbids in Cedar that narrow what its members may do.
//!
//! They stand beside the product's policies and can only take away. They never apply to programs, nor to what nobody may be locked
//! out of or into (`EXEMPT`), so whatever an owner writes, an owner can change it again.
//!
//! The text comes from people, so it is looked at before Cedar's parser is: sizes, how many, how deep ([`OwnPolicies::check`]). It is
//! parsed on a thread with a large stack, because the parser is recursive.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use cedar_policy::{Effect, Entities, PolicyId, PolicySet, Request, Schema, ValidationMode, Validator};

use crate::ask::{Ask, Principal};
use crate::text::{self, Flaw};

/// What no policy of an organization's own applies to, beside everything that programs do.
pub const EXEMPT: [&str; 10] = [
    "accept_invitation",
    "decline_invitation",
    "leave_org",
    "forget_me",
    "delete_org",
    "restore_org",
    "get_policies",
    "set_policies",
    "get_billing",
    "set_billing",
];
/// The stack of a thread that parses.
const STACK: usize = 16 * 1024 * 1024;
/// How many organizations' parsed policies a process keeps. They are found by their text, so what is kept is never out of date.
const KEPT: usize = 64;

/// Whether an organization's own policies are asked.
pub(crate) fn applies(principal: Principal<'_>, ask: &Ask<'_>) -> bool {
    matches!(principal, Principal::Person { role: Some(_), .. }) && !EXEMPT.contains(&ask.action())
}

/// An organization's own policies, parsed.
#[derive(Debug)]
pub struct OwnPolicies {
    set: PolicySet,
    /// Of each policy, its shown id and why it forbids, where it says.
    policies: HashMap<PolicyId, (String, Option<String>)>,
    /// Whether the text, which was valid when it was stored, is no more.
    is_broken: bool,
}

/// What an organization's own policies forbid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Forbidden {
    pub(crate) policies: Vec<String>,
    pub(crate) reason: String,
}

/// Parsed policies with their texts, the last parsed first.
type Kept = Vec<(String, Arc<OwnPolicies>)>;

static PARSED: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);
/// What knows the schema: it is read where policies are set, and there once.
static VALIDATOR: LazyLock<Result<Validator, String>> = LazyLock::new(|| {
    Schema::from_cedarschema_str(crate::SCHEMA).map(|(schema, _)| Validator::new(schema)).map_err(|error| error.to_string())
});

impl OwnPolicies {
    /// Looks whether a text can be an organization's own policies: at most 20 static `forbid` policies, of 2 KiB each and 8 KiB in
    /// all, nested at most 16 deep, strictly valid against the schema.
    ///
    /// # Errors
    /// Each flaw with its place.
    pub fn check(text: &str) -> Result<(), Vec<Flaw>> {
        let pieces = text::pieces(text)?;
        let text = text.to_owned();
        let flaws = on_large_stack(move || match PolicySet::from_str(&text) {
            Err(errors) => errors.iter().map(|error| Flaw::of(&text, error)).collect(),
            Ok(set) => flaws(&text, &set, &pieces),
        });
        let flaws = flaws.unwrap_or_else(|| vec![Flaw { line: 1, column: 1, detail: "cannot be parsed".to_owned() }]);
        if flaws.is_empty() { Ok(()) } else { Err(flaws) }
    }

    /// Parses policies that were checked when they were stored.
    #[must_use]
    pub fn stored(text: &str) -> Arc<Self> {
        let kept = || PARSED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept().iter().find(|(known, _)| known == text) {
            return Arc::clone(known);
        }
        let owned = text.to_owned();
        let set = text::pieces(text).ok().and_then(|_| on_large_stack(move || PolicySet::from_str(&owned).ok())).flatten();
        let parsed = Arc::new(Self {
            is_broken: set.is_none(),
            policies: set.iter().flat_map(PolicySet::policies).map(|policy| (policy.id().clone(), named(policy))).collect(),
            set: set.unwrap_or_default(),
        });
        let mut kept = kept();
        kept.truncate(KEPT - 1);
        kept.insert(0, (text.to_owned(), Arc::clone(&parsed)));
        parsed
    }

    /// What forbids the request. A policy that cannot be evaluated might have: it forbids.
    pub(crate) fn forbids(&self, request: &Request, entities: &Entities) -> Option<Forbidden> {
        if self.is_broken {
            tracing::error!("an organization's own policies do not parse any more");
            return Some(Forbidden { policies: Vec::new(), reason: "the organization's policies cannot be read".to_owned() });
        }
        let answer = cedar_policy::Authorizer::new().is_authorized(request, &self.set, entities);
        let failed: HashSet<&PolicyId> =
            answer.diagnostics().errors().map(|cedar_policy::AuthorizationError::PolicyEvaluationError(error)| error.policy_id()).collect();
        let mut decided: Vec<(&PolicyId, &(String, Option<String>))> =
            answer.diagnostics().reason().chain(failed.iter().copied()).filter_map(|id| Some((id, self.policies.get(id)?))).collect();
        decided.sort_by(|(_, (one, _)), (_, (other, _))| one.cmp(other));
        let (first, (_, said)) = decided.first()?;
        let reason = match said {
            _ if failed.contains(first) => "a policy of the organization cannot be evaluated".to_owned(),
            Some(said) => said.clone(),
            None => "a policy of the organization forbids this".to_owned(),
        };
        Some(Forbidden { policies: decided.iter().map(|(_, (shown, _))| shown.clone()).collect(), reason })
    }
}

/// The id that a policy is shown with, and why it forbids.
fn named(policy: &cedar_policy::Policy) -> (String, Option<String>) {
    let id = policy.annotation("id").map_or_else(|| policy.id().to_string(), str::to_owned);
    (format!("own.{id}"), policy.annotation("reason").filter(|reason| !reason.is_empty()).map(str::to_owned))
}

fn flaws(text: &str, set: &PolicySet, pieces: &[usize]) -> Vec<Flaw> {
    let mut flaws: Vec<Flaw> = Vec::new();
    let at = |id: &PolicyId| {
        // Cedar numbers the policies of a text from the first.
        let number = id.to_string().strip_prefix("policy").and_then(|number| number.parse::<usize>().ok());
        number.and_then(|number| pieces.get(number)).copied().unwrap_or_default()
    };
    flaws.extend(
        set.templates().map(|template| Flaw::at(text, at(template.id()), "a template is not allowed: name who and what it is about")),
    );
    let mut ids = HashSet::new();
    for policy in set.policies() {
        let mut flaw = |detail: &str| flaws.push(Flaw::at(text, at(policy.id()), detail));
        if policy.effect() != Effect::Forbid {
            flaw("only `forbid` is allowed: an organization's own policies take away");
        }
        if !ids.insert(named(policy).0) {
            flaw("another policy has the same `@id`");
        }
        for value in ["id", "reason"].iter().filter_map(|name| policy.annotation(name)) {
            if value.chars().count() > 200 {
                flaw("an annotation has at most 200 characters");
            }
        }
    }
    match &*VALIDATOR {
        Err(error) => flaws.push(Flaw::at(text, 0, error)),
        Ok(validator) => {
            let answer = validator.validate(set, ValidationMode::Strict);
            flaws.extend(answer.validation_errors().map(|error| Flaw::within(text, at(error.policy_id()), error)));
        }
    }
    flaws.sort_by_key(|flaw| (flaw.line, flaw.column));
    flaws
}

/// Runs what is recursive where it has room; nothing where there is no such place, or it did not come back.
fn on_large_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    std::thread::Builder::new().stack_size(STACK).spawn(work).ok()?.join().ok()
}
