//! Mails to the owners of an organization: what happened to its budget, and to who pays for it.

use askama::Template;
use orgs_domain::budget::Budget;
use orgs_domain::{Credits, Member, Org};

use crate::mailer::{MailSettings, Message};

/// What such a mail says.
struct Words<'a> {
    heading: String,
    lines: Vec<String>,
    product: &'a str,
    /// Where the product is, with the organization.
    open: Option<String>,
    logo_url: Option<&'a str>,
    /// Where questions go, and how that is shown.
    support: Option<(&'a str, &'a str)>,
    why: String,
}

#[derive(Template)]
#[template(path = "notice.txt", escape = "none")]
struct Text<'a> {
    mail: &'a Words<'a>,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Html<'a> {
    mail: &'a Words<'a>,
}

/// Writes the mail that tells an owner how much of a month's budget is spent: at least `percent` of
/// it. The subject names the organization, and no other text that a user typed.
///
/// # Errors
/// When a template does not render, which the tests rule out.
pub fn budget(
    org: &Org,
    owner: &Member,
    budget: &Budget,
    percent: u16,
    spent: Credits,
    month: &str,
    settings: &MailSettings,
) -> Result<Message, askama::Error> {
    let name = org.name.as_str();
    let monthly = budget.monthly_credits.unwrap_or_default();
    let mut lines = vec![format!(
        "{name} has used {spent} of its budget of {monthly} credits for {month}: {percent} % or more."
    )];
    lines.push(match (budget.enforce, spent >= monthly) {
        (true, true) => "The budget is enforced: agents do not run again before the next month, or before an owner raises it.".to_owned(),
        (true, false) => "The budget is enforced: agents stop where it ends. An owner can raise it before.".to_owned(),
        (false, _) => "Nothing stops: the budget is not enforced.".to_owned(),
    });
    let heading = format!("Budget of {name}: {percent} % used");
    let subject = format!("Budget of {name}: {percent} % of this month's credits used");
    notice(org, owner, heading, subject, lines, "budget", settings)
}

/// Writes the mail that tells an owner that the organization pays for itself from now on, or who
/// pays for it.
///
/// # Errors
/// When a template does not render, which the tests rule out.
pub fn billing_moved(
    org: &Org,
    owner: &Member,
    settings: &MailSettings,
) -> Result<Message, askama::Error> {
    let name = org.name.as_str();
    let lines = vec![
        format!("The owner whose account paid for {name} is no owner any more."),
        match org.billing.paid_by {
            orgs_domain::billing::PaidBy::Independent => {
                format!(
                    "What {name} uses from now on goes to an account of its own. An owner can take it over in the billing settings."
                )
            }
            orgs_domain::billing::PaidBy::Account { .. } => {
                format!(
                    "What {name} uses from now on goes to the account of another owner. Any owner can change that in the billing settings."
                )
            }
        },
        "What was used before stays with whoever paid then.".to_owned(),
    ];
    notice(
        org,
        owner,
        format!("Who pays for {name}"),
        format!("Billing of {name} has moved"),
        lines,
        "billing",
        settings,
    )
}

fn notice(
    org: &Org,
    owner: &Member,
    heading: String,
    subject: String,
    lines: Vec<String>,
    tag: &str,
    settings: &MailSettings,
) -> Result<Message, askama::Error> {
    let words = Words {
        heading,
        lines,
        product: &settings.product_name,
        open: settings.app_url.as_deref().map(|url| {
            format!("{url}{}org_id={}", if url.contains('?') { '&' } else { '?' }, org.id)
        }),
        logo_url: settings.logo_url.as_deref(),
        support: settings.support(),
        why: format!("You get this mail because you are an owner of {}.", org.name.as_str()),
    };
    Ok(Message {
        to: owner.email.canonical().to_owned(),
        subject,
        text: Text { mail: &words }.render()?,
        html: Html { mail: &words }.render()?,
        opt_out_url: None,
        tags: vec![("org_id", org.id.to_string()), ("notice", tag.to_owned())],
    })
}
