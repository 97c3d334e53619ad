//! What becomes of an invitation's mail, as SES reports it: at least once, in any order.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What became of an invitation's mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// To be sent.
    Queued,
    /// Handed to SES.
    Sent,
    /// Taken by the recipient's server.
    Delivered,
    /// Refused by the recipient's server.
    Bounced,
    /// Reported as unwanted.
    Complained,
    /// Not sent: SES refused it, or was away for too long, or the address takes no invitations.
    Failed,
}

/// What SES reports of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The recipient's server took it.
    Delivered,
    /// The recipient's server refused it for good.
    Bounced,
    /// It could not be delivered for now; some servers also answer so after they took it (an
    /// absence note).
    BouncedForNow,
    /// The recipient reported it as unwanted.
    Complained,
}

impl Outcome {
    /// What the invitation shows from then on.
    #[must_use]
    pub fn delivery(self) -> Delivery {
        match self {
            Self::Delivered => Delivery::Delivered,
            Self::Bounced | Self::BouncedForNow => Delivery::Bounced,
            Self::Complained => Delivery::Complained,
        }
    }

    /// What may have been shown before, so that reports which come twice, late or crossed change
    /// nothing: a bounce is not taken back by a delivery that was reported late, and a complaint by
    /// nothing.
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
    /// Its name on the wire.
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

/// Why an address gets no invitations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Its owner reported one as unwanted.
    Complaint,
    /// Its owner asked for no more.
    OptOut,
}

impl Block {
    /// Its name as it is stored.
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

    /// What an invitation shows after these reports, in this order.
    fn after(reports: &[Outcome]) -> Delivery {
        reports.iter().fold(Delivery::Queued, |shown, report| {
            if report.may_replace().contains(&shown) { report.delivery() } else { shown }
        })
    }

    #[test]
    fn reports_in_any_order_and_number_show_the_worst_that_happened() {
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
    fn an_absence_note_does_not_make_a_delivered_mail_bounced() {
        assert_eq!(after(&[Outcome::Delivered, Outcome::BouncedForNow]), Delivery::Delivered);
        assert_eq!(after(&[Outcome::BouncedForNow]), Delivery::Bounced);
    }
}
