//! Finds the policies that can apply to an action from the text of their scopes, without parsing
//! them.

use crate::POLICIES;
use crate::actions::ActionSchema;

/// One of the product's policies.
#[derive(Debug)]
pub(crate) struct Scoped {
    /// The policy's text, with its annotations.
    pub(crate) text: &'static str,
    /// The actions and groups that its scope names. Empty if it applies to every action.
    names: Vec<&'static str>,
}

impl Scoped {
    /// Returns true if the policy can apply to the action.
    pub(crate) fn applies_to(&self, action: &ActionSchema) -> bool {
        let names_it = |name: &&str| *name == action.name || action.groups.contains(name);
        self.names.is_empty() || self.names.iter().any(names_it)
    }
}

/// Splits the text of the product's policies. Each policy begins with its `@id` on a line of its
/// own, and its scope ends at the first closing parenthesis after its effect. A test compares the
/// result with Cedar's parser.
pub(crate) fn policies() -> impl Iterator<Item = Scoped> {
    POLICIES.into_iter().flat_map(|text| {
        let starts: Vec<usize> = text.match_indices("\n@id(").map(|(at, _)| at + 1).collect();
        let ends: Vec<usize> = starts.iter().skip(1).copied().chain([text.len()]).collect();
        starts.into_iter().zip(ends).map(|(start, end)| scoped(&text[start..end]))
    })
}

fn scoped(text: &'static str) -> Scoped {
    let scope = ["\npermit (", "\nforbid ("]
        .iter()
        .find_map(|effect| text.split_once(effect))
        .map_or("", |(_, rest)| rest);
    let scope = scope.split(')').next().unwrap_or_default();
    let names = scope.split("Orgs::Action::\"").skip(1).filter_map(|rest| rest.split('"').next());
    Scoped { text, names: names.collect() }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use cedar_policy::{ActionConstraint, EntityUid, PolicySet};

    use super::*;

    #[test]
    fn the_scopes_are_those_that_cedar_parses() {
        let parsed = PolicySet::from_str(&POLICIES.concat()).unwrap();
        let name = |uid: &EntityUid| uid.id().unescaped().to_owned();
        let mut wanted: Vec<(String, Vec<String>)> = parsed
            .policies()
            .map(|policy| {
                let names = match policy.action_constraint() {
                    ActionConstraint::Any => Vec::new(),
                    ActionConstraint::Eq(action) => vec![name(&action)],
                    ActionConstraint::In(actions) => actions.iter().map(name).collect(),
                };
                (policy.annotation("id").unwrap().to_owned(), names)
            })
            .collect();
        let mut found: Vec<(String, Vec<String>)> = policies()
            .map(|policy| {
                let alone = PolicySet::from_str(policy.text).unwrap();
                let ids: Vec<&str> =
                    alone.policies().map(|policy| policy.annotation("id").unwrap()).collect();
                assert_eq!(ids.len(), 1, "{}", policy.text);
                (ids[0].to_owned(), policy.names.into_iter().map(str::to_owned).collect())
            })
            .collect();
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted);
    }
}
