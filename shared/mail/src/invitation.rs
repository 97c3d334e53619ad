//! The invitation mail: asks a person to join an organization.

use askama::Template;
use chrono::{DateTime, Utc};
use orgs_domain::token::{LinkToken, Purpose, Secret};
use orgs_domain::{Invitation, Role};

use crate::mailer::{MailSettings, Message};

/// The fields of the text and the HTML.
struct Fields<'a> {
    inviter: &'a str,
    org: &'a str,
    role: Role,
    link: String,
    expires: DateTime<Utc>,
    email: &'a str,
    opt_out: String,
}

/// The subject. It gets the organization's name, which is validated, and no other text that a user
/// typed.
#[derive(Template)]
#[template(path = "invitation/subject.txt")]
struct Subject<'a> {
    org: &'a str,
}

#[derive(Template)]
#[template(path = "invitation/body.txt")]
struct Text<'a> {
    mail: &'a Fields<'a>,
    settings: &'a MailSettings,
}

#[derive(Template)]
#[template(path = "invitation/body.html")]
struct Html<'a> {
    mail: &'a Fields<'a>,
    settings: &'a MailSettings,
}

/// The two secrets of an invitation mail. They exist in the mail alone.
#[derive(Debug)]
pub struct Secrets {
    /// The secret in the link to the invitation.
    pub link: Secret,
    /// The secret in the link that stops invitations to the address.
    pub opt_out: Secret,
}

/// Writes the mail of an invitation, with the secrets in its links.
///
/// # Errors
/// If a template does not render, which the tests rule out.
pub fn invitation(
    invitation: &Invitation,
    secrets: Secrets,
    settings: &MailSettings,
) -> Result<Message, askama::Error> {
    let token = |secret, purpose| {
        LinkToken { org_id: invitation.org_id, invitation_id: invitation.id, secret }
            .reveal(purpose)
    };
    let link = token(secrets.link, Purpose::Invitation);
    let opt_out = token(secrets.opt_out, Purpose::OptOut);
    let home = settings.public_url.trim_end_matches('/');
    let fields = Fields {
        inviter: &invitation.invited_by.name,
        org: &invitation.org_name,
        role: invitation.role,
        // The token is in the fragment, which browsers do not send to servers or in `Referer`.
        link: format!("{home}/invitations#{link}"),
        expires: invitation.expires_at,
        email: invitation.email.as_entered(),
        opt_out: format!("{home}/invitations#{opt_out}"),
    };
    Ok(Message {
        to: invitation.email.canonical().to_owned(),
        subject: Subject { org: fields.org }.render()?,
        text: Text { mail: &fields, settings }.render()?,
        html: Html { mail: &fields, settings }.render()?,
        // RFC 8058: mail clients show it as a button of their own and send one POST.
        opt_out_url: Some(format!("{home}/v1/mail/opt-out/{opt_out}")),
        tags: vec![
            ("org_id", invitation.org_id.to_string()),
            ("invitation_id", invitation.id.to_string()),
            ("send_seq", invitation.send_seq.to_string()),
        ],
    })
}
