//! The delivery of an invitation's mail, as SES reports it: at least once, and in any order.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The delivery of an invitation's last mail.
///
/// - `queued`: the mail is not sent yet.
/// - `sent`: SES accepted the mail.
/// - `delivered`: the recipient's mail server accepted the mail.
/// - `bounced`: the recipient's mail server rejected the mail, or it could not be delivered.
/// - `complained`: the recipient reported the mail as spam.
/// - `failed`: the mail was not sent, because SES rejected it, was unavailable for too long, or the
///   address is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InvitationDelivery)]
pub enum Delivery {
    /// The mail is not sent yet.
    Queued,
    /// SES accepted the mail.
    Sent,
    /// The recipient's mail server accepted the mail.
    Delivered,
    /// The recipient's mail server rejected the mail, or it could not be delivered.
    Bounced,
    /// The recipient reported the mail as spam.
    Complained,
    /// The mail was not sent, because SES rejected it, was unavailable for too long, or the address
    /// is blocked.
    Failed,
}

/// The outcome of a mail in a report from SES.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The recipient's mail server accepted the mail.
    Delivered,
    /// The recipient's mail server rejected the mail permanently.
    Bounced,
    /// The mail could not be delivered for a transient reason. Some servers also send this report
    /// after they accepted the mail, for example with an out-of-office reply.
    BouncedForNow,
    /// The recipient reported the mail as spam.
    Complained,
}

impl Outcome {
    /// Returns the delivery that the invitation shows after this report.
    #[must_use]
    pub fn delivery(self) -> Delivery {
        match self {
            Self::Delivered => Delivery::Delivered,
            Self::Bounced | Self::BouncedForNow => Delivery::Bounced,
            Self::Complained => Delivery::Complained,
        }
    }

    /// Returns the deliveries that this report may replace. Repeated, late and reordered reports
    /// then change nothing: a late delivery report does not replace a bounce, and no report
    /// replaces a complaint.
    #[must_use]
    pub fn may_replace(self) -> &'static [Delivery] {
        use Delivery::{Bounced, Delivered, Failed, Queued, Sent};
        match self {
            Self::Delivered | Self::BouncedForNow => &[Queued, Sent],
            Self::Bounced => &[Queued, Sent, Delivered],
            Self::Complained => &[Queued, Sent, Delivered, Bounced, Failed],
        }
    }
}

impl Delivery {
    /// Returns the delivery's name in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
            Self::Failed => "failed",
        }
    }
}

/// The reason why an address is blocked and gets no invitation mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// The recipient reported an invitation as spam.
    Complaint,
    /// The recipient opted out of invitation mails.
    OptOut,
}

impl Block {
    /// Returns the reason's name as it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complaint => "complaint",
            Self::OptOut => "opt_out",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the delivery that an invitation shows after these reports, in this order.
    fn after(reports: &[Outcome]) -> Delivery {
        reports.iter().fold(Delivery::Queued, |shown, report| {
            if report.may_replace().contains(&shown) { report.delivery() } else { shown }
        })
    }

    #[test]
    fn repeated_and_reordered_reports_show_the_worst_outcome() {
        use Outcome::{Bounced, Complained, Delivered};
        for (reports, wanted) in [
            (vec![Delivered, Delivered], Delivery::Delivered),
            (vec![Delivered, Bounced, Delivered], Delivery::Bounced),
            (vec![Bounced, Delivered, Bounced], Delivery::Bounced),
            (vec![Complained, Delivered, Bounced, Complained], Delivery::Complained),
            (vec![Delivered, Complained], Delivery::Complained),
        ] {
            assert_eq!(after(&reports), wanted, "{reports:?}");
        }
    }

    #[test]
    fn an_out_of_office_reply_does_not_turn_a_delivery_into_a_bounce() {
        assert_eq!(after(&[Outcome::Delivered, Outcome::BouncedForNow]), Delivery::Delivered);
        assert_eq!(after(&[Outcome::BouncedForNow]), Delivery::Bounced);
    }
}
