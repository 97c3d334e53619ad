//! The alert to the owners about the budget of an organization.

use askama::Template;
use orgs_domain::budget_alert::{BudgetAlert, Reason};
use orgs_domain::{Credits, Member, Org};

use crate::mailer::{MailSettings, Message};

/// The fields of the text and the HTML.
struct Fields<'a> {
    org: &'a str,
    title: &'a Title<'a>,
    alert: &'a BudgetAlert,
    month: String,
    /// The month is over, and this is late usage.
    is_past: bool,
    is_used_up: bool,
    is_denied: bool,
    /// The credits of this hour, and of the month at that rate.
    burn_rate: Option<(Credits, Credits)>,
    /// The credits of this hour, and the usual credits.
    anomaly: Option<(Credits, Credits)>,
    /// The link to the product.
    open: Option<String>,
}

/// The title, which states the most important reason. It has the organization's name, which is
/// validated, and no other text that a user typed.
#[derive(Template)]
#[template(path = "budget_alert/title.txt")]
struct Title<'a> {
    org: &'a str,
    reason: &'a Reason,
}

#[derive(Template)]
#[template(path = "budget_alert/subject.txt")]
struct Subject<'a> {
    title: &'a Title<'a>,
}

#[derive(Template)]
#[template(path = "budget_alert/body.txt")]
struct Text<'a> {
    mail: &'a Fields<'a>,
    settings: &'a MailSettings,
}

#[derive(Template)]
#[template(path = "budget_alert/body.html")]
struct Html<'a> {
    mail: &'a Fields<'a>,
    settings: &'a MailSettings,
}

/// Writes the alert to an owner. `is_past` is true if the month of the alert is over.
///
/// # Errors
/// If a template does not render, which the tests rule out.
pub fn budget_alert(
    org: &Org,
    owner: &Member,
    alert: &BudgetAlert,
    is_past: bool,
    settings: &MailSettings,
) -> Result<Message, askama::Error> {
    let reason = alert.reasons.first().unwrap_or(&Reason::Denied);
    let title = Title { org: org.name.as_str(), reason };
    let (mut burn_rate, mut anomaly) = (None, None);
    for reason in &alert.reasons {
        match *reason {
            Reason::BurnRate { hour_credits, expected_credits } => {
                burn_rate = Some((hour_credits, expected_credits));
            }
            Reason::Anomaly { hour_credits, usual_credits } => {
                anomaly = Some((hour_credits, usual_credits));
            }
            Reason::Denied | Reason::Threshold { .. } => {}
        }
    }
    let fields = Fields {
        org: org.name.as_str(),
        title: &title,
        alert,
        month: alert.month.start().format("%B %Y").to_string(),
        is_past,
        is_used_up: alert.spent >= alert.monthly_credits,
        is_denied: alert.reasons.contains(&Reason::Denied),
        burn_rate,
        anomaly,
        open: settings.app_link(org.id),
    };
    Ok(Message {
        to: owner.email.canonical().to_owned(),
        subject: Subject { title: &title }.render()?,
        text: Text { mail: &fields, settings }.render()?,
        html: Html { mail: &fields, settings }.render()?,
        opt_out_url: None,
        tags: vec![("org_id", org.id.to_string()), ("notice", "budget".to_owned())],
    })
}
