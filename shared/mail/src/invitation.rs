//! The mail that asks an address to join.

use askama::Template;
use orgs_domain::Invitation;
use orgs_domain::token::{InvitationToken, Secret};

use crate::mailer::{MailSettings, Message};

#[derive(Template)]
#[template(path = "invitation.txt", escape = "none")]
struct Text<'a> {
    inviter: &'a str,
    org: &'a str,
    product: &'a str,
    role: &'a str,
    link: &'a str,
    expires: &'a str,
    email: &'a str,
    support_url: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct Html<'a> {
    inviter: &'a str,
    org: &'a str,
    product: &'a str,
    role: &'a str,
    link: &'a str,
    expires: &'a str,
    email: &'a str,
    support_url: Option<&'a str>,
    logo_url: Option<&'a str>,
}

/// Writes the mail of an invitation with the secret that it carries. The subject names the organization, whose name is
/// validated, and no other text that a user typed.
///
/// # Errors
/// When a template does not render, which the tests rule out.
pub fn invitation(invitation: &Invitation, secret: Secret, settings: &MailSettings) -> Result<Message, askama::Error> {
    let token = InvitationToken { org_id: invitation.org_id, invitation_id: invitation.id, secret };
    // A fragment: no server, proxy or Referer sees it.
    let link = format!("{}/invitations#{}", settings.public_url.trim_end_matches('/'), token.reveal());
    let expires = invitation.expires_at.format("%-d %B %Y, %H:%M UTC").to_string();
    let (inviter, org, product) = (invitation.invited_by.name.as_str(), invitation.org_name.as_str(), settings.product_name.as_str());
    let (role, email, support_url) = (invitation.role.as_str(), invitation.email.typed(), settings.support_url.as_deref());
    Ok(Message {
        to: invitation.email.normal().to_owned(),
        subject: format!("Invitation to join {org}"),
        text: Text { inviter, org, product, role, link: &link, expires: &expires, email, support_url }.render()?,
        html: Html {
            inviter,
            org,
            product,
            role,
            link: &link,
            expires: &expires,
            email,
            support_url,
            logo_url: settings.logo_url.as_deref(),
        }
        .render()?,
        tags: vec![
            ("org_id", invitation.org_id.to_string()),
            ("invitation_id", invitation.id.to_string()),
            ("send_seq", invitation.send_seq.to_string()),
        ],
    })
}
