//! The search: one field, with an answer to every keystroke. A whole number asks for its customer, any other text for
//! a list.

use crate::domain::id::CustomerId;
use crate::domain::phone::PhoneNumber;
use crate::domain::refusal::Refusal;
use crate::tui::ctx::Ctx;
use crate::tui::field::{Field, Kind};
use crate::tui::widgets::list::Step;
use crate::tui::widgets::rows::{Keyed, Rows};
use crate::usecase::model::customer::{CustomerModel, SearchHit};
use crate::usecase::{Query, Snapshot};

/// Most hits on one screen.
const MOST_HITS: u32 = 20;

impl Keyed for SearchHit {
    type Key = CustomerId;

    fn key(&self) -> CustomerId {
        self.customer
    }
}

/// The answer to the text in the field.
#[derive(Clone, PartialEq, Eq)]
pub enum Found {
    /// There is no answer yet.
    Nothing,
    /// A list of customers, best first, which may be empty: [`Finder::hits`].
    Hits,
    /// The customer of a whole number, known or not.
    One(Box<CustomerModel>),
}

/// The search field with its newest answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Finder {
    /// The search field.
    pub field: Field,
    /// The newest answer.
    pub found: Found,
    /// The customers found.
    pub hits: Rows<SearchHit>,
    /// Whether there may be more than these.
    pub more: bool,
    /// Why the number that was typed is none.
    pub no_number: Option<Refusal>,
    /// Whether Enter came before the answer.
    pub enter: bool,
    /// Whether the text changed, so that the cursor goes to the best hit of the next answer.
    begins: bool,
}

impl Finder {
    /// An empty search.
    pub const fn new() -> Self {
        let field = Field::new(Kind::Text).max(60).placeholder("reg.search_hint");
        Self {
            field,
            found: Found::Nothing,
            hits: Rows::new(&[]),
            more: false,
            no_number: None,
            enter: false,
            begins: true,
        }
    }

    /// A search for a number.
    pub fn of_number(number: &str) -> Self {
        let mut finder = Self::new();
        finder.field.set(number);
        finder
    }

    /// The number, when a whole one is typed.
    fn whole_number(&self) -> Option<PhoneNumber> {
        let text = self.field.value()?;
        PhoneNumber::parse(text).ok().map(|parsed| parsed.number)
    }

    /// The query for the text in the field; none when it is empty.
    pub fn query(&self) -> Option<Query> {
        let text = self.field.value()?.to_owned();
        Some(match self.whole_number() {
            Some(_) => Query::Customer { phone: text },
            None => Query::Search { text, limit: MOST_HITS },
        })
    }

    /// Takes a change of the text.
    pub fn edited(&mut self) {
        self.enter = false;
        self.begins = true;
        if self.field.value().is_none() {
            self.clear();
        }
    }

    fn clear(&mut self) {
        self.found = Found::Nothing;
        (self.more, self.no_number) = (false, None);
        self.hits.forget();
    }

    /// Takes the newest answer; a failed one leaves no hits.
    pub fn take(&mut self, snapshot: Option<Snapshot>, ctx: &Ctx) {
        match snapshot {
            Some(Snapshot::Search { hits, more, no_number, .. }) => {
                self.found = Found::Hits;
                (self.more, self.no_number) = (more, no_number.map(|reason| reason.refusal));
                self.hits.take(hits, ctx);
                if std::mem::take(&mut self.begins) {
                    self.hits.step(Step::First);
                }
            }
            Some(Snapshot::Customer(customer)) => {
                self.clear();
                self.found = Found::One(customer);
            }
            Some(_) | None => {
                self.clear();
                self.enter = false;
            }
        }
    }

    /// Whether Enter has something to open.
    pub const fn has_something(&self) -> bool {
        match &self.found {
            Found::Nothing => false,
            Found::Hits => !self.hits.is_empty(),
            Found::One(_) => true,
        }
    }
}
