//! The mail that asks an address to join.

use askama::Template;
use orgs_domain::Invitation;
use orgs_domain::token::{LinkToken, Purpose, Secret};

use crate::mailer::{MailSettings, Message};

/// What the mail says.
struct Words<'a> {
    inviter: &'a str,
    org: &'a str,
    product: &'a str,
    /// With its article.
    role: &'a str,
    link: String,
    expires: String,
    email: &'a str,
    opt_out: String,
    logo_url: Option<&'a str>,
    /// Where questions go, and how that is shown.
    support: Option<(&'a str, &'a str)>,
}

#[derive(Template)]
#[template(path = "invitation.txt", escape = "none")]
struct Text<'a> {
    mail: &'a Words<'a>,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct Html<'a> {
    mail: &'a Words<'a>,
}

/// The two secrets of a mail. They exist in it alone.
#[derive(Debug)]
pub struct Secrets {
    /// In the link to the invitation.
    pub link: Secret,
    /// In the link that ends such mails.
    pub opt_out: Secret,
}

/// Writes the mail of an invitation with the secrets that it carries. The subject names the
/// organization, whose name is validated, and no other text that a user typed.
///
/// # Errors
/// When a template does not render, which the tests rule out.
pub fn invitation(
    invitation: &Invitation,
    secrets: Secrets,
    settings: &MailSettings,
) -> Result<Message, askama::Error> {
    let token = |secret, purpose| {
        LinkToken { org_id: invitation.org_id, invitation_id: invitation.id, secret }
            .reveal(purpose)
    };
    let (link, opt_out) =
        (token(secrets.link, Purpose::Invitation), token(secrets.opt_out, Purpose::OptOut));
    let home = settings.public_url.trim_end_matches('/');
    let words = Words {
        inviter: &invitation.invited_by.name,
        org: &invitation.org_name,
        product: &settings.product_name,
        role: invitation.role.with_article(),
        // A fragment: no server, proxy or Referer sees it.
        link: format!("{home}/invitations#{link}"),
        expires: invitation.expires_at.format("%-d %B %Y, %H:%M UTC").to_string(),
        email: invitation.email.as_entered(),
        opt_out: format!("{home}/invitations#{opt_out}"),
        logo_url: settings.logo_url.as_deref(),
        support: settings.support(),
    };
    Ok(Message {
        to: invitation.email.canonical().to_owned(),
        subject: format!("Invitation to join {}", invitation.org_name),
        text: Text { mail: &words }.render()?,
        html: Html { mail: &words }.render()?,
        // RFC 8058: mail programs offer it as a button of their own, and send the one click by
        // POST.
        opt_out_url: Some(format!("{home}/v1/mail/opt-out/{opt_out}")),
        tags: vec![
            ("org_id", invitation.org_id.to_string()),
            ("invitation_id", invitation.id.to_string()),
            ("send_seq", invitation.send_seq.to_string()),
        ],
    })
}
