//! Types and pure rules. This layer knows no clock, SQL, file or terminal: a rule takes values and `now` and
//! returns a value or a typed [`refusal::Refusal`].

pub mod actor;
pub mod appointment;
pub mod audit;
pub mod calendar;
pub mod campaign;
pub mod case;
pub mod consent;
pub mod contact;
pub mod degree;
pub mod department;
pub mod disposition;
pub mod eligibility;
pub mod figure;
pub mod id;
pub mod lang;
pub mod lead;
pub mod money;
pub mod name;
pub mod phone;
pub mod pin;
pub mod plain_words;
pub mod quota;
pub mod refusal;
pub mod registration;
pub mod roster;
pub mod search;
pub mod session;
pub mod sms;
pub mod ssh_key;
pub mod survey;
pub mod task;
pub mod text;
pub mod time;
pub mod triage;
