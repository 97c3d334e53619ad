//! The notice that billing moved: tells an owner that the payer is no longer an owner, and who pays
//! now.

use askama::Template;
use orgs_domain::billing::PaidBy;
use orgs_domain::{Member, Org};

use crate::mailer::{MailSettings, Message};

/// The fields of the text and the HTML.
struct Fields<'a> {
    org: &'a str,
    /// The organization pays for itself. Otherwise an owner's account pays.
    is_independent: bool,
    /// The link to the product.
    open: Option<String>,
}

/// The subject. It gets the organization's name, which is validated, and no other text that a user
/// typed.
#[derive(Template)]
#[template(path = "billing_moved/subject.txt")]
struct Subject<'a> {
    org: &'a str,
}

#[derive(Template)]
#[template(path = "billing_moved/body.txt")]
struct Text<'a> {
    mail: &'a Fields<'a>,
    settings: &'a MailSettings,
}

#[derive(Template)]
#[template(path = "billing_moved/body.html")]
struct Html<'a> {
    mail: &'a Fields<'a>,
    settings: &'a MailSettings,
}

/// Writes the notice to an owner that the payer is no longer an owner. It says who pays now.
///
/// # Errors
/// If a template does not render, which the tests rule out.
pub fn billing_moved(
    org: &Org,
    owner: &Member,
    settings: &MailSettings,
) -> Result<Message, askama::Error> {
    let fields = Fields {
        org: org.name.as_str(),
        is_independent: org.billing.paid_by == PaidBy::Independent,
        open: settings.app_link(org.id),
    };
    Ok(Message {
        to: owner.email.canonical().to_owned(),
        subject: Subject { org: fields.org }.render()?,
        text: Text { mail: &fields, settings }.render()?,
        html: Html { mail: &fields, settings }.render()?,
        opt_out_url: None,
        tags: vec![("org_id", org.id.to_string()), ("notice", "billing".to_owned())],
    })
}
