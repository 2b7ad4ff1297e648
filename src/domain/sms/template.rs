//! Templates: text with merge fields in braces (`{name}`), and what an advertising one must say.

use crate::domain::{lang::Lang, text};
use rust_i18n::t;
use unicode_normalization::UnicodeNormalization;

/// Longest value of a field, in graphemes.
const MAX_VALUE_GRAPHEMES: usize = 200;
/// What an advertising message begins with.
const AD_LABEL: &str = "[QC]";

/// Why a template cannot become a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A field that has no value here, or an empty one.
    #[error("the field {{{0}}} has no value")]
    NoValue(String),
    /// A brace without its partner, or a field name that is no name (letters without accents, digits, `_`).
    #[error("a brace is left open or names no field")]
    Braces,
}

impl TemplateError {
    /// The sentence for the user.
    pub fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::NoValue(field) => {
                t!("sms.template.no_value", locale = lang.code(), field = field).into_owned()
            }
            Self::Braces => t!("sms.template.braces", locale = lang.code()).into_owned(),
        }
    }
}

/// What an advertising template lacks (T9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AdProblem {
    /// It does not start with `[QC]`.
    NotLabelled,
    /// It does not end with how to refuse further messages, by message and by call.
    NoOptOutAtTheEnd,
}

impl AdProblem {
    /// The sentence for the user.
    pub fn sentence(self, lang: Lang) -> String {
        match self {
            Self::NotLabelled => t!("sms.ad.not_labelled", locale = lang.code()).into_owned(),
            Self::NoOptOutAtTheEnd => t!("sms.ad.no_opt_out_at_the_end", locale = lang.code()).into_owned(),
        }
    }
}

/// A stretch of a template.
enum Piece<'a> {
    Plain(&'a str),
    Field(&'a str),
}

/// Cuts a template at its braces; there is no escape, for no message needs a brace.
fn pieces(template: &str) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut out = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find(['{', '}']) {
        let (plain, from) = rest.split_at(open);
        let inner = from.strip_prefix('{').ok_or(TemplateError::Braces)?;
        let (name, after) = inner.split_once('}').ok_or(TemplateError::Braces)?;
        let is_name = |b: u8| b.is_ascii_alphabetic() || b.is_ascii_digit() || b == b'_';
        if name.is_empty() || !name.bytes().all(is_name) {
            return Err(TemplateError::Braces);
        }
        out.extend([Piece::Plain(plain), Piece::Field(name)]);
        rest = after;
    }
    out.push(Piece::Plain(rest));
    Ok(out)
}

/// The fields that a template names, in order, repeated ones too.
pub fn fields(template: &str) -> Result<Vec<&str>, TemplateError> {
    let is_field = |piece| match piece {
        Piece::Field(name) => Some(name),
        Piece::Plain(_) => None,
    };
    Ok(pieces(template)?.into_iter().filter_map(is_field).collect())
}

/// The message: every field filled with its cleaned value. Braces inside a value stay text. Refuses a field
/// without a value; values that no field names are passed over.
pub fn render(template: &str, values: &[(&str, &str)]) -> Result<String, TemplateError> {
    let mut out = String::with_capacity(template.len() + 64);
    for piece in pieces(template)? {
        match piece {
            Piece::Plain(plain) => out.push_str(plain),
            Piece::Field(field) => {
                let value = values.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value);
                let value = text::clean(value, MAX_VALUE_GRAPHEMES);
                if value.is_empty() {
                    return Err(TemplateError::NoValue(field.to_owned()));
                }
                out.push_str(&value);
            }
        }
    }
    Ok(out.trim().nfc().collect())
}

/// Everything an advertising template lacks; empty when it may be used. The last sentence must say how to refuse, by
/// message and by call, and name where to (a number or a field).
pub fn check_ad_template(template: &str) -> Vec<AdProblem> {
    let mut problems = Vec::new();
    if !template.starts_with(AD_LABEL) {
        problems.push(AdProblem::NotLabelled);
    }
    let last = text::fold(last_sentence(template));
    let says = |words: &[&str]| words.iter().any(|word| last.contains(word));
    let refuses = says(&["tu choi", "ngung nhan", "dung nhan", "khong nhan", "huy nhan"]);
    let by_message_and_by_call = says(&["soan", "gui"]) && says(&["goi"]);
    if !(refuses && by_message_and_by_call && last.contains(|c: char| c.is_ascii_digit() || c == '{')) {
        problems.push(AdProblem::NoOptOutAtTheEnd);
    }
    problems
}

fn last_sentence(template: &str) -> &str {
    let text = template.trim().trim_end_matches(['.', '!']);
    let breaks = [". ", "! ", "? ", "\n"];
    let start = breaks.iter().filter_map(|mark| text.rfind(mark).map(|at| at + mark.len())).max();
    &text[start.unwrap_or(0)..]
}
