//! Lists the merge fields of each kind of text, and the messages that the program sends. What fills a text and what
//! checks it read the same lists, so that a text that was checked can be filled.

use super::super::contact::SmsPurpose;
use super::Campaign;
use super::spoken::SPOKEN_FIELDS;

/// Fields of what is read out inside the script: the notice, its questions, and the survey's. [`SPOKEN_FIELDS`] without
/// the notice itself, which would stand in itself.
pub const READ_OUT_FIELDS: &[&str] = SPOKEN_FIELDS.split_at(SPOKEN_FIELDS.len() - 1).0;

/// Fields of names, of the questions of customers and of the signs of danger: none, they are shown as they stand.
pub const PLAIN_FIELDS: &[&str] = &[];

/// A message that the program sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentMessage {
    /// The template's code.
    pub code: &'static str,
    /// What it is in the sense of Decree 91/2020.
    pub purpose: SmsPurpose,
    /// Its own fields, each with the longest value that is likely. Those of [`Campaign::standing_fields`] come beside.
    pub fields: &'static [(&'static str, &'static str)],
}

const TIME: (&str, &str) = ("time", "23:55");
const DATE: (&str, &str) = ("date", "31/12/2026");
const METHOD: (&str, &str) = ("method", "qua dien thoai");
const DOCTOR: (&str, &str) = ("doctor", "Nguyen Hoang Thi Phuong Thao Uyen");
const UNTIL: (&str, &str) = ("until", "31/12/2026");

/// Every message that the program sends. A campaign has a template for each and no other.
pub const SENT_MESSAGES: &[SentMessage] = &[
    SentMessage { code: "invite", purpose: SmsPurpose::Offer, fields: &[UNTIL] },
    SentMessage {
        code: "opt_out_confirmed",
        purpose: SmsPurpose::OptOutConfirmation,
        fields: &[("received", "31/12/2026 23:59"), ("stopped", "31/12/2026 23:59")],
    },
    SentMessage { code: "registered", purpose: SmsPurpose::Service, fields: &[("seat", "100000")] },
    SentMessage { code: "waitlisted", purpose: SmsPurpose::Service, fields: &[("position", "100000")] },
    SentMessage { code: "promoted", purpose: SmsPurpose::Service, fields: &[("seat", "100000")] },
    SentMessage { code: "appointment", purpose: SmsPurpose::Service, fields: &[TIME, DATE, METHOD, DOCTOR] },
    SentMessage {
        code: "appointment_moved",
        purpose: SmsPurpose::Service,
        fields: &[TIME, DATE, METHOD, DOCTOR],
    },
    SentMessage { code: "appointment_cancelled", purpose: SmsPurpose::Service, fields: &[TIME, DATE] },
    SentMessage { code: "handbook", purpose: SmsPurpose::Service, fields: &[("url", ""), UNTIL] },
];

/// The message with that code.
pub fn sent_message(code: &str) -> Option<&'static SentMessage> {
    SENT_MESSAGES.iter().find(|message| message.code == code)
}

impl Campaign {
    /// The fields that every message may use, with their values.
    pub fn standing_fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = self.message_details();
        fields.push(("hotline", self.hotline.clone()));
        fields
    }

    /// All fields of a message with the longest values that are likely.
    pub(super) fn longest_values(&self, message: &'static SentMessage) -> Vec<(&'static str, String)> {
        let mut values = self.standing_fields();
        values.extend(message.fields.iter().map(|(field, longest)| match *field {
            "url" => ("url", self.handbook_url.clone()),
            field => (field, (*longest).to_owned()),
        }));
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_is_not_read_out_inside_itself() {
        assert!(SPOKEN_FIELDS.contains(&"notice") && !READ_OUT_FIELDS.contains(&"notice"));
        assert_eq!(READ_OUT_FIELDS.len() + 1, SPOKEN_FIELDS.len());
    }
}
