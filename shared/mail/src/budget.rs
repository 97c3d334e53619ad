//! The notice that a month's usage reached a threshold of the budget.

use askama::Template;
use chrono::{DateTime, Utc};
use orgs_domain::budget::Budget;
use orgs_domain::{Credits, Member, Org};

use crate::mailer::{MailSettings, Message};

/// The fields of the text and the HTML.
struct Fields<'a> {
    org: &'a str,
    percent: u16,
    spent: Credits,
    monthly: Credits,
    month: DateTime<Utc>,
    is_enforced: bool,
    is_used_up: bool,
    /// The link to the product.
    open: Option<String>,
}

/// The subject. It gets the organization's name, which is validated, and no other text that a user
/// typed.
#[derive(Template)]
#[template(path = "budget/subject.txt")]
struct Subject<'a> {
    org: &'a str,
    percent: u16,
}

#[derive(Template)]
#[template(path = "budget/body.txt")]
struct Text<'a> {
    mail: &'a Fields<'a>,
    settings: &'a MailSettings,
}

#[derive(Template)]
#[template(path = "budget/body.html")]
struct Html<'a> {
    mail: &'a Fields<'a>,
    settings: &'a MailSettings,
}

/// Writes the notice to an owner that the organization's usage in `month` reached `percent` of its
/// budget.
///
/// # Errors
/// If a template does not render, which the tests rule out.
pub fn budget(
    org: &Org,
    owner: &Member,
    budget: &Budget,
    percent: u16,
    spent: Credits,
    month: DateTime<Utc>,
    settings: &MailSettings,
) -> Result<Message, askama::Error> {
    let monthly = budget.monthly_credits.unwrap_or_default();
    let fields = Fields {
        org: org.name.as_str(),
        percent,
        spent,
        monthly,
        month,
        is_enforced: budget.enforce,
        is_used_up: spent >= monthly,
        open: settings.app_link(org.id),
    };
    Ok(Message {
        to: owner.email.canonical().to_owned(),
        subject: Subject { org: fields.org, percent }.render()?,
        text: Text { mail: &fields, settings }.render()?,
        html: Html { mail: &fields, settings }.render()?,
        opt_out_url: None,
        tags: vec![("org_id", org.id.to_string()), ("notice", "budget".to_owned())],
    })
}
