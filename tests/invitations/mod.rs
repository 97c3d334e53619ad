//! `/v1/orgs/{org_id}/invitations`, `/v1/invitations`, and the invitation mails.

mod accept_invitation;
mod decline_invitation;
mod get_invitation;
mod invite_member;
mod invite_members;
mod list_invitations;
mod list_my_invitations;
mod opt_out;
mod preview_invitation;
mod record_mail_feedback;
mod regressions;
mod resend_invitation;
mod revoke_invitation;
mod send_mail;
