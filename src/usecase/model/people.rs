//! The people behind a figure.

use crate::domain::figure::Figure;
use crate::domain::id::{CaseId, CustomerId, RegistrationId};
use crate::domain::time::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// In which order people are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PeopleOrder {
    /// By the time that the figure is about.
    #[default]
    Figure,
    /// By given name.
    Name,
}

/// A person behind a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonLine {
    /// Who; none for a number that the store does not know otherwise.
    pub customer: Option<CustomerId>,
    /// Their name.
    pub name: String,
    /// Their number, masked; whole in a file of a role that may see it.
    pub phone: String,
    /// The time that the figure is about.
    pub at: Option<Timestamp>,
    /// A result, a state, a reason or a department.
    pub detail: Option<String>,
    /// Their registration.
    pub registration: Option<RegistrationId>,
    /// Its seat.
    pub seat: Option<i64>,
    /// Their case, in the lists of cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
}

/// A page of the people behind a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeoplePage {
    /// Which figure.
    pub behind: Figure,
    /// The page.
    pub people: Vec<PersonLine>,
    /// Their order; a list too long to sort keeps its own.
    pub order: PeopleOrder,
    /// How many there are in all, counted up to 100 000.
    pub total: i64,
    /// Whether there are more than were counted.
    pub more: bool,
    /// The first of this page, from 0.
    pub offset: i64,
}
