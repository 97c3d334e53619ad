//! An organization's own policies: forbids in Cedar that narrow what its members may do.
//!
//! They stand beside the product's policies and can only take away. They never apply to programs,
//! nor to what nobody may be locked out of or into (`NEVER_RESTRICTED`), so whatever an owner
//! writes, an owner can change it again.
//!
//! The text comes from people. [`OrgPolicySet::check`] limits it before Cedar parses it (length,
//! number, nesting) and before Cedar validates it (what was parsed). Both run on a thread with a
//! large stack, because the parser is recursive.

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

/// The actions that an organization's own policies never restrict, so that nobody is locked out or
/// in. They never restrict service clients either.
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
/// text has at most 1,000.
const STACK: usize = 64 * 1024 * 1024;
/// The most attributes behind one `has`, such as the three in `has a.b.c`. The time to validate
/// grows with the cube of their number.
const HAS_ATTRIBUTES_MAX: usize = 4;
/// The most flaws that are returned. A text of 8 KiB can have thousands.
const FLAWS_MAX: usize = 50;
/// The most characters in the value of an annotation.
const ANNOTATION_CHARACTERS_MAX: usize = 200;
/// How many organizations' parsed policies a process keeps. They are found by their text, so what
/// is kept is never out of date.
const KEPT: usize = 64;

/// An organization's own policies, parsed.
#[derive(Debug)]
pub struct OrgPolicySet {
    set: PolicySet,
    /// Of each policy, its shown id and why it forbids, where it says.
    policies: HashMap<PolicyId, (String, Option<String>)>,
    /// Whether the text, which was valid when it was stored, is no more.
    is_broken: bool,
}

/// What an organization's own policies forbid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OrgPolicyDenial {
    pub(crate) policies: Vec<String>,
    pub(crate) reason: String,
}

/// Parsed policies with their texts, the last parsed first.
type Kept = Vec<(String, Arc<OrgPolicySet>)>;

static PARSED: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);
/// What knows the schema: it is read where policies are set, and there once.
static VALIDATOR: LazyLock<Result<Validator, String>> = LazyLock::new(|| {
    Schema::from_cedarschema_str(crate::SCHEMA)
        .map(|(schema, _)| Validator::new(schema))
        .map_err(|error| error.to_string())
});

impl OrgPolicySet {
    /// Checks that a text can be an organization's own policies: at most 20 static `forbid`
    /// policies, 2 KiB each and 8 KiB in all, nested at most 16 deep, strictly valid against the
    /// schema.
    ///
    /// # Errors
    /// Each flaw with its place.
    pub fn check(text: &str) -> Result<(), Vec<PolicyDiagnostic>> {
        let (sender, checked) = mpsc::channel();
        Self::check_apart(text.to_owned(), move |result| drop(sender.send(result)));
        checked.recv().unwrap_or_else(|_| {
            Err(vec![PolicyDiagnostic::at(text, 0, "the policies cannot be parsed")])
        })
    }

    /// Checks a text as [`Self::check`] does, on a thread of its own, and hands the result to
    /// `done`. It drops `done` if the check panics.
    pub fn check_apart(
        text: String,
        done: impl FnOnce(Result<(), Vec<PolicyDiagnostic>>) + Send + 'static,
    ) {
        let check = move || {
            let flaws = org_policy_text::split_policies(&text)
                .map_or_else(|flaws| flaws, |split_policies| parsed_flaws(&text, &split_policies));
            done(if flaws.is_empty() { Ok(()) } else { Err(flaws) });
        };
        // Without a thread, `done` is dropped here.
        drop(std::thread::Builder::new().stack_size(STACK).spawn(check));
    }

    /// Returns where each policy of a text begins, in bytes, as the limits before parsing see it.
    ///
    /// # Errors
    /// The first limit that the text does not keep.
    pub fn starts(text: &str) -> Result<Vec<usize>, Vec<PolicyDiagnostic>> {
        org_policy_text::split_policies(text)
    }

    /// Parses policies that were checked when they were stored.
    #[must_use]
    pub fn stored(text: &str) -> Arc<Self> {
        let kept = || PARSED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept().iter().find(|(known, _)| known == text) {
            return Arc::clone(known);
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
                .map(|policy| (policy.id().clone(), named(policy)))
                .collect(),
            set: set.unwrap_or_default(),
        });
        let mut kept = kept();
        kept.truncate(KEPT - 1);
        kept.insert(0, (text.to_owned(), Arc::clone(&parsed)));
        parsed
    }

    /// What forbids the request. A policy that cannot be evaluated might have: it forbids.
    pub(crate) fn forbids(
        &self,
        request: &Request,
        entities: &Entities,
    ) -> Option<OrgPolicyDenial> {
        if self.is_broken {
            tracing::error!("an organization's own policies do not parse any more");
            return Some(OrgPolicyDenial {
                policies: Vec::new(),
                reason: "the organization's policies cannot be read".to_owned(),
            });
        }
        let answer = cedar_policy::Authorizer::new().is_authorized(request, &self.set, entities);
        let failed: HashSet<&PolicyId> = answer
            .diagnostics()
            .errors()
            .map(|cedar_policy::AuthorizationError::PolicyEvaluationError(error)| error.policy_id())
            .collect();
        let mut decided: Vec<(&PolicyId, &(String, Option<String>))> = answer
            .diagnostics()
            .reason()
            .chain(failed.iter().copied())
            .filter_map(|id| Some((id, self.policies.get(id)?)))
            .collect();
        decided.sort_by(|(_, (one, _)), (_, (other, _))| one.cmp(other));
        let (first, (_, said)) = decided.first()?;
        let reason = match said {
            _ if failed.contains(first) => {
                "a policy of the organization cannot be evaluated".to_owned()
            }
            Some(said) => said.clone(),
            None => "a policy of the organization forbids this".to_owned(),
        };
        Some(OrgPolicyDenial {
            policies: decided.iter().map(|(_, (shown, _))| shown.clone()).collect(),
            reason,
        })
    }
}

/// The id that a policy is shown with, and why it forbids.
fn named(policy: &cedar_policy::Policy) -> (String, Option<String>) {
    let id = policy.annotation("id").map_or_else(|| policy.id().to_string(), str::to_owned);
    (
        format!("own.{id}"),
        policy.annotation("reason").filter(|reason| !reason.is_empty()).map(str::to_owned),
    )
}

/// Parses a text and returns its flaws.
fn parsed_flaws(text: &str, split_policies: &[usize]) -> Vec<PolicyDiagnostic> {
    let set = match PolicySet::from_str(text) {
        Ok(set) => set,
        Err(errors) => {
            return errors
                .iter()
                .take(FLAWS_MAX)
                .map(|error| PolicyDiagnostic::of(text, error))
                .collect();
        }
    };
    // The limits were checked for each piece. They hold for each policy only if the pieces are the
    // policies.
    if set.policies().count() + set.templates().count() != split_policies.len() {
        return vec![PolicyDiagnostic::at(
            text,
            0,
            "it is unclear where each policy ends: remove comments and unusual characters",
        )];
    }
    let mut flaws = flaws(text, &set, split_policies);
    // Validation is bounded only without templates, which `has_long_path` does not look at, and
    // long paths.
    if set.templates().next().is_none() && !set.policies().any(has_long_path) {
        flaws.extend(validation_flaws(text, &set, split_policies));
    }
    // Cedar reports a flaw once for each kind of request that the policy can apply to.
    flaws.sort_by(|one, other| {
        (one.line, one.column, &one.detail).cmp(&(other.line, other.column, &other.detail))
    });
    flaws.dedup();
    flaws.truncate(FLAWS_MAX);
    flaws
}

/// Returns where a policy begins. Cedar numbers the policies of a text from 0.
fn offset(split_policies: &[usize], id: &PolicyId) -> usize {
    let number =
        id.to_string().strip_prefix("policy").and_then(|number| number.parse::<usize>().ok());
    number.and_then(|number| split_policies.get(number)).copied().unwrap_or_default()
}

/// Returns what this project does not allow in policies that Cedar parsed.
fn flaws(text: &str, set: &PolicySet, split_policies: &[usize]) -> Vec<PolicyDiagnostic> {
    let mut flaws: Vec<PolicyDiagnostic> = Vec::new();
    for template in set.templates() {
        let detail = "a template is not allowed: name who and what it is about";
        flaws.push(PolicyDiagnostic::at(text, offset(split_policies, template.id()), detail));
    }
    let mut ids = HashSet::new();
    for policy in set.policies() {
        let mut flaw = |detail: &str| {
            flaws.push(PolicyDiagnostic::at(text, offset(split_policies, policy.id()), detail))
        };
        if policy.effect() != Effect::Forbid {
            flaw("only `forbid` is allowed: an organization's own policies take away");
        }
        if !ids.insert(named(policy).0) {
            flaw("another policy has the same `@id`");
        }
        for (_, value) in policy.annotations() {
            if value.chars().count() > ANNOTATION_CHARACTERS_MAX {
                flaw(&format!("an annotation has at most {ANNOTATION_CHARACTERS_MAX} characters"));
            }
            if value.contains(is_deceptive) {
                flaw("an annotation has no control, bidirectional or zero-width character");
            }
        }
        if has_long_path(policy) {
            flaw(&format!(
                "`has` takes at most {HAS_ATTRIBUTES_MAX} attributes, as in `has a.b.c.d`"
            ));
        }
    }
    flaws
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

/// Returns what Cedar's validator finds.
fn validation_flaws(
    text: &str,
    set: &PolicySet,
    split_policies: &[usize],
) -> Vec<PolicyDiagnostic> {
    match &*VALIDATOR {
        Err(error) => vec![PolicyDiagnostic::at(text, 0, error)],
        Ok(validator) => {
            let result = validator.validate(set, ValidationMode::Strict);
            result
                .validation_errors()
                .map(|error| {
                    PolicyDiagnostic::within(text, offset(split_policies, error.policy_id()), error)
                })
                .collect()
        }
    }
}

/// Runs what is recursive where it has room; nothing where there is no such place, or it did not
/// come back.
fn on_large_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    std::thread::Builder::new().stack_size(STACK).spawn(work).ok()?.join().ok()
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
