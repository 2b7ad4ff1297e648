//! Fills the merge fields of what is said: scripts, notices, consents and survey questions. An unknown field stays as
//! written, so that a mistake in a campaign file is seen.
//!
//! Invariants: Vietnamese addresses a person by kinship word and given name, and the caller names themselves by the
//! word that answers it; English uses the full name and no kinship word; a sentence begins with a capital.

use super::super::lang::{Bilingual, Lang};
use super::super::name::{PersonName, Salutation};
use super::Campaign;
use super::facility::OfferDetail;

/// The fields that may stand in a text that is said. `{Self}` is `{self}` with a capital.
pub const SPOKEN_FIELDS: [&str; 17] = [
    "salutation",
    "name",
    "self",
    "Self",
    "agent",
    "organisation",
    "address",
    "facility",
    "facility_address",
    "licence",
    "hours",
    "scope",
    "hotline",
    "fanpage",
    "register_until",
    "consult_until",
    "notice",
];

/// Who speaks to whom.
#[derive(Clone, Copy)]
pub struct Talk<'a> {
    /// The kinship word; none while nobody has chosen one.
    pub salutation: Option<Salutation>,
    /// The customer's full name.
    pub name: &'a str,
    /// The name of the person who speaks.
    pub agent: &'a str,
}

impl Campaign {
    /// The text in that language with every field filled and every sentence beginning with a capital.
    pub fn spoken(&self, text: &Bilingual, talk: &Talk<'_>, lang: Lang) -> String {
        // The notice is filled in first, because it may hold merge fields.
        let template = text.get(lang).replace("{notice}", self.notice.text.get(lang));
        let mut out = String::with_capacity(template.len() * 2);
        let mut rest = template.as_str();
        while let Some((plain, from)) = rest.split_once('{') {
            out.push_str(plain);
            let Some((field, after)) = from.split_once('}') else {
                rest = &rest[plain.len()..];
                break;
            };
            match self.spoken_field(field, talk, lang) {
                Some(value) => out.push_str(&value),
                None => out.extend(["{", field, "}"]),
            }
            rest = after;
            if lang == Lang::En && field == "salutation" && rest.starts_with(" {name}") {
                // The full name has been said.
                rest = &rest[" {name}".len()..];
            }
        }
        out.push_str(rest);
        capitalised(&out)
    }

    fn spoken_field(&self, field: &str, talk: &Talk<'_>, lang: Lang) -> Option<String> {
        let day = |day: chrono::NaiveDate| day.format("%d/%m/%Y").to_string();
        let detail = OfferDetail::ALL.into_iter().find(|detail| detail.field() == field);
        if let Some(detail) = detail {
            return (!self.lacks(detail, lang)).then(|| self.offer_detail(detail, lang).to_owned());
        }
        Some(match field {
            "salutation" => address(talk, lang),
            "name" => name(talk, lang),
            "self" => Salutation::own_word(talk.salutation, lang),
            "Self" => capitalised(&Salutation::own_word(talk.salutation, lang)),
            "agent" => talk.agent.to_owned(),
            "organisation" => self.organisation.get(lang).to_owned(),
            "hotline" => self.hotline.clone(),
            "fanpage" => self.fanpage.clone(),
            "register_until" => day(self.registration.to),
            "consult_until" => day(self.consultation.to),
            _ => return None,
        })
    }
}

/// The word for the customer: the kinship word, or in English the full name.
fn address(talk: &Talk<'_>, lang: Lang) -> String {
    match (lang, talk.salutation) {
        (Lang::Vi, Some(salutation)) => salutation.label(lang),
        (Lang::Vi, None) => Salutation::unknown_label(lang),
        (Lang::En, _) => talk.name.to_owned(),
    }
}

/// The customer's given name, or in English the full name. A name that cannot be parsed stays whole.
fn name(talk: &Talk<'_>, lang: Lang) -> String {
    match lang {
        Lang::Vi => {
            PersonName::parse(talk.name).map_or_else(|_| talk.name.to_owned(), |name| name.given().to_owned())
        }
        Lang::En => talk.name.to_owned(),
    }
}

/// A capital at the start and after the end of a sentence.
fn capitalised(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut starts, mut ended) = (true, false);
    for c in text.chars() {
        if c.is_whitespace() {
            starts |= ended;
            out.push(c);
            continue;
        }
        if starts {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        starts = false;
        ended = matches!(c, '.' | '!' | '?');
    }
    out
}
