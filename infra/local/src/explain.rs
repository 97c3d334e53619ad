//! `explain` and `diff-policies`: why the policies answer as they do, what would change it, and
//! what a change of them changes.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args;
use orgs_policies::{
    Authorizer, Difference, OrgPolicySet, POLICIES, Policies, PrincipalKind, SCHEMA, Scenario,
    ScenarioRequest, differences, minimal_changes,
};
use orgs_runtime::domain::Clock;

/// A question that cannot be asked, or policies that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ExplainError(String);

/// What `explain` is asked.
#[derive(Debug, Args)]
pub struct Explain {
    /// What is asked, such as `list_members` or 'change_role(viewer->owner)'; `?` lists all that
    /// can be
    question: String,
    /// Who asks
    #[arg(long = "as", value_name = "WHO", value_parser = ["nobody", "outsider", "viewer", "administrator", "owner", "service"], default_value = "viewer")]
    who: String,
    /// The organization's state; `owners`: active, and only owners create resources of the class
    /// `high`; `unverified`: the address of who asks is not verified; `uninvited`: the invitation
    /// is for another address. Several with commas
    #[arg(long, value_delimiter = ',', value_parser = Scenario::STATES, default_value = "active")]
    state: Vec<String>,
    /// A file with the organization's own policies
    #[arg(long, value_name = "FILE")]
    own: Option<PathBuf>,
    /// When, for policies that look at the time; now, where it is not said
    #[arg(long, value_name = "RFC 3339")]
    at: Option<DateTime<Utc>>,
}

/// What `diff-policies` compares.
#[derive(Debug, Args)]
pub struct Diff {
    /// A folder with *.cedar and schema.cedarschema, as `policies`; or a file, as an organization's
    /// own policies beside the product's
    old: PathBuf,
    /// The same, to compare it with
    new: PathBuf,
    /// When, for policies that look at the time; now, where it is not said
    #[arg(long, value_name = "RFC 3339")]
    at: Option<DateTime<Utc>>,
}

fn explain_error(what: &dyn std::fmt::Display, why: &dyn std::fmt::Display) -> ExplainError {
    ExplainError(format!("{what}: {why}"))
}

fn read(path: &Path) -> Result<String, ExplainError> {
    std::fs::read_to_string(path).map_err(|error| explain_error(&path.display(), &error))
}

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

/// The decision, the policies that decided it, and the shortest changes that would allow it.
///
/// # Errors
/// [`ExplainError`].
pub fn explain(asked: &Explain) -> Result<String, ExplainError> {
    if asked.question == "?" {
        return Ok(ScenarioRequest::all()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
            + "\n");
    }
    let question = ScenarioRequest::named(&asked.question)
        .ok_or_else(|| explain_error(&asked.question, &"no such question; `?` lists all"))?;
    let who = PrincipalKind::named(&asked.who)
        .ok_or_else(|| explain_error(&asked.who, &"nobody is called so"))?;
    let own = asked.own.as_deref().map(own).transpose()?;
    let mut now = Scenario {
        at: asked.at.unwrap_or_else(|| Clock::system().now()),
        own: own.as_deref(),
        ..Scenario::of(who)
    };
    for state in &asked.state {
        now = now.in_state(state).ok_or_else(|| explain_error(state, &"no such state"))?;
    }
    let authorizer =
        Authorizer::shared().map_err(|error| explain_error(&"the product's policies", error))?;
    let mut text =
        format!("{question}, asked by {}, in the state {}\n", who.as_str(), asked.state.join(", "));
    match question.ask(authorizer, &now) {
        Ok(policies) => {
            lines(&mut text, &[("decision", "allow".to_owned()), ("policies", policies.join(", "))])
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
            let minimal_changes = minimal_changes(authorizer, &question, &now);
            if minimal_changes.is_empty() {
                lines(&mut text, &[("allowed", "never".to_owned())]);
            }
            for way in minimal_changes {
                let changes: Vec<String> = way.iter().map(ToString::to_string).collect();
                lines(&mut text, &[("allowed", changes.join(", and "))]);
            }
        }
    }
    Ok(text)
}

fn lines(text: &mut String, lines: &[(&str, String)]) {
    for (name, value) in lines {
        // Writing to a string does not fail.
        writeln!(text, "  {name:<10}{value}").unwrap_or_default();
    }
}

/// One of two sets of policies.
struct Side {
    authorizer: Authorizer,
    own: Option<Arc<OrgPolicySet>>,
}

impl Side {
    fn read(path: &Path) -> Result<Self, ExplainError> {
        if !path.is_dir() {
            let product = Authorizer::from_policies(&POLICIES.concat(), SCHEMA)
                .map_err(|error| explain_error(&"the product's policies", &error))?;
            return Ok(Self { authorizer: product, own: Some(own(path)?) });
        }
        let mut policies = String::new();
        let entries =
            std::fs::read_dir(path).map_err(|error| explain_error(&path.display(), &error))?;
        for file in entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|file| file.extension().is_some_and(|it| it == "cedar"))
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

/// The cells of the matrix that change from one set of policies to another, as a table: who gains,
/// who loses, and whose denial is only explained otherwise.
///
/// # Errors
/// [`ExplainError`].
pub fn diff(asked: &Diff) -> Result<String, ExplainError> {
    let (before, after) = (Side::read(&asked.old)?, Side::read(&asked.new)?);
    let all = differences(
        before.policies(),
        after.policies(),
        asked.at.unwrap_or_else(|| Clock::system().now()),
    );
    let mut text = String::new();
    let mut counts = [0, 0, 0];
    for (at, (title, belongs)) in [
        ("gains", Difference::gains as fn(&Difference) -> bool),
        ("loses", Difference::loses),
        ("is denied otherwise", |cell| !cell.gains() && !cell.loses()),
    ]
    .into_iter()
    .enumerate()
    {
        let cells: Vec<&Difference> = all.iter().filter(|cell| belongs(cell)).collect();
        counts[at] = cells.len();
        let mut shown = BTreeSet::new();
        for cell in &cells {
            let same = |other: &&&Difference| {
                (other.question, other.who, &other.before, &other.after)
                    == (cell.question, cell.who, &cell.before, &cell.after)
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
                cell.question,
                cell.before,
                cell.after
            );
            if shown.insert(row.clone()) {
                text += &row;
            }
        }
    }
    let [gains, loses, otherwise] = counts;
    writeln!(text, "{gains} cells gained, {loses} lost, {otherwise} denied otherwise")
        .unwrap_or_default();
    Ok(text)
}
