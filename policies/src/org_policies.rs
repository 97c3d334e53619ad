//! An organization's own policies: Cedar policies that forbid actions to its members.
//!
//! They are evaluated after the product's policies and can only restrict. They never apply to
//! service clients, nor to the actions in [`NEVER_RESTRICTED`], so an owner can always change them.
//!
//! Owners write the text, so it is untrusted. [`OrgPolicySet::check`] limits its length, the number
//! of policies and the nesting before Cedar parses it, and checks the parsed policies before Cedar
//! validates them. This runs on a thread with a large stack, because the parser is recursive.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, mpsc};

use cedar_policy::pst::{Clause, Expr};
use cedar_policy::{
    Effect, Entities, Policy, PolicyId, PolicySet, Request, Schema, ValidationMode, Validator,
};
use orgs_domain::text::is_deceptive;

use crate::actions::ActionName;
use crate::org_policy_text::{self, PolicyDiagnostic};

/// The actions that an organization's own policies never restrict, so that they cannot keep a
/// person in or out of the organization, and an owner can always change them. They never restrict
/// service clients either.
pub const NEVER_RESTRICTED: [ActionName; 10] = [
    ActionName::AcceptInvitation,
    ActionName::DeclineInvitation,
    ActionName::LeaveOrg,
    ActionName::ForgetMe,
    ActionName::DeleteOrg,
    ActionName::RestoreOrg,
    ActionName::GetPolicies,
    ActionName::SetPolicies,
    ActionName::GetBilling,
    ActionName::SetBilling,
];
/// The stack of a thread that parses. A level of nesting takes up to 40 KiB in a debug build, and a
/// text can have at most 1,000 levels.
const STACK_BYTES: usize = 64 * 1024 * 1024;
/// The largest number of attributes in a `has`: `has a.b.c` has three. The time to validate grows
/// with the cube of the number.
const HAS_ATTRIBUTES_MAX: usize = 4;
/// The largest number of diagnostics of a text. A text of 8 KiB can have thousands.
const DIAGNOSTICS_MAX: usize = 50;
/// The largest number of characters in the value of an annotation.
const ANNOTATION_CHARACTERS_MAX: usize = 200;
/// The largest number of parsed policy sets that a process keeps. The key is the text, so a cached
/// set is never stale.
const CACHED_SETS_MAX: usize = 64;

/// An organization's own policies, parsed.
#[derive(Debug)]
pub struct OrgPolicySet {
    set: PolicySet,
    /// For each policy, the id that denials show, and the reason from its `@reason`, if any.
    policies: HashMap<PolicyId, (String, Option<String>)>,
    /// True if the stored text cannot be parsed. It was valid when it was stored.
    is_broken: bool,
}

/// A denial by an organization's own policies, with the ids that it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrgPolicyDenial {
    pub(crate) policies: Vec<String>,
    pub(crate) reason: String,
}

/// Parsed policy sets with their texts. The set that was parsed last is first.
type Cache = Vec<(String, Arc<OrgPolicySet>)>;

static CACHE: LazyLock<Mutex<Cache>> = LazyLock::new(Mutex::default);
/// The validator of the schema. Only `set_policies` needs it, so the first check builds it.
static VALIDATOR: LazyLock<Result<Validator, String>> = LazyLock::new(|| {
    Schema::from_cedarschema_str(crate::SCHEMA)
        .map(|(schema, _)| Validator::new(schema))
        .map_err(|error| error.to_string())
});

impl OrgPolicySet {
    /// Checks that a text can be an organization's own policies: at most 20 static `forbid`
    /// policies, at most 2 KiB each and 8 KiB in total, at most 16 levels of nesting, and strictly
    /// valid against the schema.
    ///
    /// # Errors
    /// A diagnostic for each mistake, with its position; at most 50.
    pub fn check(text: &str) -> Result<(), Vec<PolicyDiagnostic>> {
        let (sender, checked) = mpsc::channel();
        Self::check_apart(text.to_owned(), move |result| drop(sender.send(result)));
        checked.recv().unwrap_or_else(|_| {
            Err(vec![PolicyDiagnostic::at(text, 0, "the policies cannot be parsed")])
        })
    }

    /// Checks a text as [`Self::check`] does, on a new thread that passes the result to `done`. If
    /// the check panics or the thread cannot start, `done` is dropped.
    pub fn check_apart(
        text: String,
        done: impl FnOnce(Result<(), Vec<PolicyDiagnostic>>) + Send + 'static,
    ) {
        let check = move || {
            let diagnostics = org_policy_text::split_policies(&text).map_or_else(
                |diagnostics| diagnostics,
                |starts| diagnostics_after_limits(&text, &starts),
            );
            done(if diagnostics.is_empty() { Ok(()) } else { Err(diagnostics) });
        };
        // If the thread cannot start, this drops `done`.
        drop(std::thread::Builder::new().stack_size(STACK_BYTES).spawn(check));
    }

    /// Returns the offset in bytes at which each policy of a text begins, according to the scanner
    /// that applies the limits before parsing.
    ///
    /// # Errors
    /// A diagnostic for the first limit that the text exceeds.
    pub fn starts(text: &str) -> Result<Vec<usize>, Vec<PolicyDiagnostic>> {
        org_policy_text::split_policies(text)
    }

    /// Parses policies that were checked when they were stored. If they cannot be parsed, the set
    /// forbids everything that it applies to.
    #[must_use]
    pub fn stored(text: &str) -> Arc<Self> {
        let cache = || CACHE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, set)) = cache().iter().find(|(cached, _)| cached == text) {
            return Arc::clone(set);
        }
        let owned = text.to_owned();
        let set = org_policy_text::split_policies(text)
            .ok()
            .and_then(|_| on_large_stack(move || PolicySet::from_str(&owned).ok()))
            .flatten();
        let parsed = Arc::new(Self {
            is_broken: set.is_none(),
            policies: set
                .iter()
                .flat_map(PolicySet::policies)
                .map(|policy| (policy.id().clone(), shown_id_and_reason(policy)))
                .collect(),
            set: set.unwrap_or_default(),
        });
        let mut cache = cache();
        cache.truncate(CACHED_SETS_MAX - 1);
        cache.insert(0, (text.to_owned(), Arc::clone(&parsed)));
        parsed
    }

    /// Returns the denial of a request that these policies forbid. A policy that cannot be
    /// evaluated forbids the request, because it might have matched.
    pub(crate) fn forbids(
        &self,
        request: &Request,
        entities: &Entities,
    ) -> Option<OrgPolicyDenial> {
        if self.is_broken {
            tracing::error!("an organization's policies cannot be parsed");
            return Some(OrgPolicyDenial {
                policies: Vec::new(),
                reason: "the organization's policies are invalid: an owner can replace them"
                    .to_owned(),
            });
        }
        let response = cedar_policy::Authorizer::new().is_authorized(request, &self.set, entities);
        let failed: HashSet<&PolicyId> = response
            .diagnostics()
            .errors()
            .map(|cedar_policy::AuthorizationError::PolicyEvaluationError(error)| error.policy_id())
            .collect();
        let mut decided: Vec<(&PolicyId, &(String, Option<String>))> = response
            .diagnostics()
            .reason()
            .chain(failed.iter().copied())
            .filter_map(|id| Some((id, self.policies.get(id)?)))
            .collect();
        decided.sort_by(|(_, (one, _)), (_, (other, _))| one.cmp(other));
        let (first, (_, reason)) = decided.first()?;
        let reason = match reason {
            _ if failed.contains(first) => {
                "a policy of the organization cannot be evaluated".to_owned()
            }
            Some(reason) => reason.clone(),
            None => "a policy of the organization forbids this".to_owned(),
        };
        Some(OrgPolicyDenial {
            policies: decided.iter().map(|(_, (shown, _))| shown.clone()).collect(),
            reason,
        })
    }
}

/// Returns the id that denials show for a policy, and the reason from its `@reason`.
fn shown_id_and_reason(policy: &Policy) -> (String, Option<String>) {
    let id = policy.annotation("id").map_or_else(|| policy.id().to_string(), str::to_owned);
    (
        format!("own.{id}"),
        policy.annotation("reason").filter(|reason| !reason.is_empty()).map(str::to_owned),
    )
}

/// Parses and validates a text that is within the limits, and returns its diagnostics. `starts` are
/// the offsets at which the scanner found policies.
fn diagnostics_after_limits(text: &str, starts: &[usize]) -> Vec<PolicyDiagnostic> {
    let set = match PolicySet::from_str(text) {
        Ok(set) => set,
        Err(errors) => {
            return errors
                .iter()
                .take(DIAGNOSTICS_MAX)
                .map(|error| PolicyDiagnostic::of(text, error))
                .collect();
        }
    };
    // The scanner applied the limits to each policy that it found. They hold for the parsed
    // policies only if Cedar found as many.
    if set.policies().count() + set.templates().count() != starts.len() {
        return vec![PolicyDiagnostic::at(
            text,
            0,
            "cannot tell where each policy ends: remove comments and unusual characters",
        )];
    }
    let mut diagnostics = restriction_diagnostics(text, &set, starts);
    // Templates and long `has` paths can make validation very slow, and `has_long_path` does not
    // inspect templates.
    if set.templates().next().is_none() && !set.policies().any(has_long_path) {
        diagnostics.extend(validation_diagnostics(text, &set, starts));
    }
    // Cedar reports a mistake once for each kind of request that the policy can apply to. The first
    // report is enough, and the others must not push out a mistake further down.
    diagnostics.sort_by(|one, other| {
        (one.line, one.column, &one.detail).cmp(&(other.line, other.column, &other.detail))
    });
    diagnostics.dedup_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
    diagnostics.truncate(DIAGNOSTICS_MAX);
    diagnostics
}

/// Returns the offset at which a policy begins. Cedar numbers the policies of a text from 0:
/// `policy0`.
fn offset(starts: &[usize], id: &PolicyId) -> usize {
    let number =
        id.to_string().strip_prefix("policy").and_then(|number| number.parse::<usize>().ok());
    number.and_then(|number| starts.get(number)).copied().unwrap_or_default()
}

/// Returns a diagnostic for each use of valid Cedar that an organization's own policies do not
/// allow.
fn restriction_diagnostics(text: &str, set: &PolicySet, starts: &[usize]) -> Vec<PolicyDiagnostic> {
    let mut diagnostics: Vec<PolicyDiagnostic> = Vec::new();
    for template in set.templates() {
        let detail = "a template is not allowed: replace `?principal` and `?resource` by entities";
        diagnostics.push(PolicyDiagnostic::at(text, offset(starts, template.id()), detail));
    }
    let mut ids = HashSet::new();
    for policy in set.policies() {
        let mut report = |detail: &str| {
            diagnostics.push(PolicyDiagnostic::at(text, offset(starts, policy.id()), detail));
        };
        if policy.effect() != Effect::Forbid {
            report("only `forbid` is allowed: an organization's policies cannot grant permissions");
        }
        if !ids.insert(shown_id_and_reason(policy).0) {
            report("another policy has the same `@id`");
        }
        for (_, value) in policy.annotations() {
            if value.chars().count() > ANNOTATION_CHARACTERS_MAX {
                report(&format!(
                    "an annotation must have at most {ANNOTATION_CHARACTERS_MAX} characters"
                ));
            }
            if value.contains(is_deceptive) {
                let characters = "control, bidirectional or zero-width characters";
                report(&format!("an annotation must not contain {characters}"));
            }
        }
        if has_long_path(policy) {
            report(&format!(
                "`has` takes at most {HAS_ATTRIBUTES_MAX} attributes, as in `has a.b.c.d`"
            ));
        }
    }
    diagnostics
}

/// Returns true if a `has` names more than [`HAS_ATTRIBUTES_MAX`] attributes, or the policy cannot
/// be inspected.
fn has_long_path(policy: &Policy) -> bool {
    let is_long = |expression: &Expr| match expression {
        Expr::HasAttr { attrs, .. } if attrs.len() > HAS_ATTRIBUTES_MAX => Some(true),
        _ => None,
    };
    policy.to_pst().map_or(true, |policy| {
        policy.body().clauses().iter().any(|clause| {
            let (Clause::When(expression) | Clause::Unless(expression)) = clause;
            expression.reduce(&is_long, &|left, right| left || right, false)
        })
    })
}

/// Returns a diagnostic for each error that Cedar's validator finds.
fn validation_diagnostics(text: &str, set: &PolicySet, starts: &[usize]) -> Vec<PolicyDiagnostic> {
    match &*VALIDATOR {
        Err(error) => vec![PolicyDiagnostic::at(text, 0, error)],
        Ok(validator) => {
            let result = validator.validate(set, ValidationMode::Strict);
            result
                .validation_errors()
                .map(|error| {
                    PolicyDiagnostic::within(text, offset(starts, error.policy_id()), error)
                })
                .collect()
        }
    }
}

/// Runs recursive work on a thread with a large stack. Returns `None` if the thread cannot start or
/// the work panics.
fn on_large_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).ok()?.join().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_text_that_the_limits_let_through_fits_the_stack() {
        // 1,000 brackets and `if`s: what a text could have if the scanner did not see them.
        for (open, close, count) in [
            ("(", ")", 997),
            ("[", "]", 997),
            ("{a:", "}", 997),
            ("if true then ", " else true", 997),
        ] {
            let text = format!(
                "forbid (principal, action, resource) when {{ {}true{} }};",
                open.repeat(count),
                close.repeat(count)
            );
            let parsed = on_large_stack(move || {
                let set = PolicySet::from_str(&text).ok()?;
                Some(set.policies().any(has_long_path))
            });
            assert!(parsed.is_some(), "{open}");
        }
    }
}
