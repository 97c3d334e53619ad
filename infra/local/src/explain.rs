//! The commands `explain` and `diff-policies`. They explain a decision of the policies, list the
//! smallest changes that would allow a denied request, and compare two sets of policies.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args;
use orgs_domain::Clock;
use orgs_policies::{
    Authorizer, Difference, OrgPolicySet, POLICIES, Policies, PrincipalKind, SCHEMA, Scenario,
    ScenarioRequest, differences, minimal_changes,
};

/// An error of `explain` or `diff-policies`: an unknown request, or policies that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ExplainError(String);

/// The arguments of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// Request to explain, such as `list_members` or 'change_role(viewer->owner)'; `?` lists all
    /// requests
    #[arg(value_name = "REQUEST")]
    request: String,
    /// Kind of caller
    #[arg(long = "as", value_name = "CALLER", value_parser = ["nobody", "outsider", "viewer", "administrator", "owner", "service"], default_value = "viewer")]
    who: String,
    /// State of the organization and the caller. `owners`: active, and only owners may create
    /// resources of the cost class `high`; `unverified`: the caller's e-mail address is not
    /// verified; `uninvited`: the invitation is for another address. Separate several states with
    /// commas
    #[arg(long, value_delimiter = ',', value_parser = Scenario::STATES, default_value = "active")]
    state: Vec<String>,
    /// File with the organization's own policies
    #[arg(long, value_name = "FILE")]
    own: Option<PathBuf>,
    /// Time of the request, for policies that depend on it; now by default
    #[arg(long, value_name = "RFC 3339")]
    at: Option<DateTime<Utc>>,
}

/// The arguments of `diff-policies`.
#[derive(Debug, Args)]
pub struct Diff {
    /// Policies before the change: a folder with *.cedar and schema.cedarschema, such as
    /// `policies`, or a file with an organization's own policies, which apply with the product's
    old: PathBuf,
    /// Policies after the change, likewise
    new: PathBuf,
    /// Time of the request, for policies that depend on it; now by default
    #[arg(long, value_name = "RFC 3339")]
    at: Option<DateTime<Utc>>,
}

fn explain_error(subject: &dyn std::fmt::Display, problem: &dyn std::fmt::Display) -> ExplainError {
    ExplainError(format!("{subject}: {problem}"))
}

fn read(path: &Path) -> Result<String, ExplainError> {
    std::fs::read_to_string(path).map_err(|error| explain_error(&path.display(), &error))
}

/// Reads and validates an organization's own policies.
fn own(path: &Path) -> Result<Arc<OrgPolicySet>, ExplainError> {
    let text = read(path)?;
    OrgPolicySet::check(&text).map_err(|flaws| {
        let flaws: Vec<String> = flaws
            .iter()
            .map(|flaw| {
                format!("{}:{}:{}: {}", path.display(), flaw.line, flaw.column, flaw.detail)
            })
            .collect();
        ExplainError(flaws.join("\n"))
    })?;
    Ok(OrgPolicySet::stored(&text))
}

/// Returns the decision on a request, the policies that decided it and, for a denied request, the
/// smallest changes that would allow it. For the request `?`, returns the list of all requests.
///
/// # Errors
/// [`ExplainError`] if the request, the kind of caller or a state is unknown, or if policies are
/// invalid.
pub fn explain(options: &Explain) -> Result<String, ExplainError> {
    if options.request == "?" {
        return Ok(ScenarioRequest::all()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
            + "\n");
    }
    let request = ScenarioRequest::named(&options.request).ok_or_else(|| {
        ExplainError(format!("unknown request `{}`: list all with `explain '?'`", options.request))
    })?;
    let who = PrincipalKind::named(&options.who)
        .ok_or_else(|| ExplainError(format!("unknown kind of caller `{}`", options.who)))?;
    let own = options.own.as_deref().map(own).transpose()?;
    let mut now = Scenario {
        at: options.at.unwrap_or_else(|| Clock::system().now()),
        own: own.as_deref(),
        ..Scenario::of(who)
    };
    for state in &options.state {
        now =
            now.in_state(state).ok_or_else(|| ExplainError(format!("unknown state `{state}`")))?;
    }
    let authorizer = Authorizer::shared()
        .map_err(|error| explain_error(&"cannot load the product's policies", error))?;
    let mut text = format!("{request} by {}, state: {}\n", who.as_str(), options.state.join(", "));
    match request.evaluate(authorizer, &now) {
        Ok(policies) => {
            lines(
                &mut text,
                &[("decision", "allow".to_owned()), ("policies", policies.join(", "))],
            );
        }
        Err(denial) => {
            let policies = if denial.policies.is_empty() {
                "no policy permits it".to_owned()
            } else {
                denial.policies.join(", ")
            };
            lines(
                &mut text,
                &[
                    ("decision", format!("deny, {}: {}", denial.code, denial.reason)),
                    ("policies", policies),
                ],
            );
            let minimal_changes = minimal_changes(authorizer, &request, &now);
            if minimal_changes.is_empty() {
                lines(&mut text, &[("allowed", "never".to_owned())]);
            }
            for changes in minimal_changes {
                let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
                lines(&mut text, &[("allowed", changes.join(", and "))]);
            }
        }
    }
    Ok(text)
}

/// Appends lines with a name and a value.
fn lines(text: &mut String, lines: &[(&str, String)]) {
    for (name, value) in lines {
        // Writing to a string does not fail.
        writeln!(text, "  {name:<10}{value}").unwrap_or_default();
    }
}

/// One of the two sets of policies to compare.
struct Side {
    authorizer: Authorizer,
    own: Option<Arc<OrgPolicySet>>,
}

impl Side {
    /// Reads the product's policies from a folder, or an organization's own policies from a file.
    fn read(path: &Path) -> Result<Self, ExplainError> {
        if !path.is_dir() {
            let product = Authorizer::from_policies(&POLICIES.concat(), SCHEMA)
                .map_err(|error| explain_error(&"cannot load the product's policies", &error))?;
            return Ok(Self { authorizer: product, own: Some(own(path)?) });
        }
        let mut policies = String::new();
        let entries =
            std::fs::read_dir(path).map_err(|error| explain_error(&path.display(), &error))?;
        for file in entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|file| file.extension().is_some_and(|extension| extension == "cedar"))
        {
            policies += &read(&file)?;
        }
        let schema = read(&path.join("schema.cedarschema"))?;
        Ok(Self {
            authorizer: Authorizer::from_policies(&policies, &schema)
                .map_err(|error| explain_error(&path.display(), &error))?,
            own: None,
        })
    }

    fn policies(&self) -> Policies<'_> {
        Policies { authorizer: &self.authorizer, own: self.own.as_deref() }
    }
}

/// Returns a table of the requests whose decision differs between two sets of policies: the callers
/// who gain access, those who lose it, and those who are denied for another reason.
///
/// # Errors
/// [`ExplainError`] if policies cannot be read or are invalid.
pub fn diff(options: &Diff) -> Result<String, ExplainError> {
    let (before, after) = (Side::read(&options.old)?, Side::read(&options.new)?);
    let all = differences(
        before.policies(),
        after.policies(),
        options.at.unwrap_or_else(|| Clock::system().now()),
    );
    let mut text = String::new();
    let mut counts = [0, 0, 0];
    for (index, (title, belongs)) in [
        ("gains", Difference::gains as fn(&Difference) -> bool),
        ("loses", Difference::loses),
        ("is denied for another reason", |cell| !cell.gains() && !cell.loses()),
    ]
    .into_iter()
    .enumerate()
    {
        let cells: Vec<&Difference> = all.iter().filter(|cell| belongs(cell)).collect();
        counts[index] = cells.len();
        let mut shown = BTreeSet::new();
        for cell in &cells {
            let same = |other: &&&Difference| {
                (other.request, other.who, &other.before, &other.after)
                    == (cell.request, cell.who, &cell.before, &cell.after)
            };
            let states: Vec<&str> = cells.iter().filter(same).map(|cell| cell.state).collect();
            let states = if states.len() == Scenario::STATES.len() {
                "any state".to_owned()
            } else {
                states.join(", ")
            };
            let row = format!(
                "{:<14} {title}: {}  {} -> {}  ({states})\n",
                cell.who.as_str(),
                cell.request,
                cell.before,
                cell.after
            );
            if shown.insert(row.clone()) {
                text += &row;
            }
        }
    }
    let [gained, lost, other_reason] = counts;
    writeln!(text, "{gained} cells gained, {lost} lost, {other_reason} denied for another reason")
        .unwrap_or_default();
    Ok(text)
}
