//! The text of an SMS: which alphabet it needs, how many segments it takes, filling in a template, and the
//! form of advertising (T9).
//!
//! Deliberately absent: when and to whom a message may go (see `contact`), and sending.

mod alphabet;
mod template;
#[cfg(test)]
mod tests;

pub use alphabet::{Encoding, Measure, measure, segments};
pub use template::{AdProblem, TemplateError, check_ad_template, fields, render};
