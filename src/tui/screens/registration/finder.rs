//! Searching: one field, an answer to every keystroke, and only the newest answer counts. A whole number asks for
//! its verdict at once; anything shorter asks for a list.

use crate::domain::phone::PhoneNumber;
use crate::tui::effect::{Effect, Ticket, Tickets};
use crate::tui::field::{Field, Kind};
use crate::tui::widgets::list::Cursor;
use crate::usecase::model::customer::{CustomerModel, SearchHit};
use crate::usecase::{Query, Snapshot};

/// Most hits on one screen.
const MOST_HITS: u32 = 20;

/// What the search found for the text in the field.
#[derive(Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing was asked yet.
    Nothing,
    /// Customers, best first; maybe none.
    Hits(Vec<SearchHit>),
    /// The one behind a whole number, known or not.
    One(Box<CustomerModel>),
}

/// The search field with its newest answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Finder {
    /// What is typed.
    pub field: Field,
    /// The newest answer.
    pub found: Found,
    /// The chosen hit.
    pub cursor: Cursor,
    asked: Option<Ticket>,
    /// Enter came before the answer did.
    pub enter: bool,
}

impl Finder {
    /// An empty search.
    pub const fn new() -> Self {
        let field = Field::new(Kind::Text).max(60).placeholder("reg.search_hint");
        Self { field, found: Found::Nothing, cursor: Cursor(0), asked: None, enter: false }
    }

    /// The number, when a whole one is typed.
    pub fn whole_number(&self) -> Option<PhoneNumber> {
        let text = self.field.value()?;
        PhoneNumber::parse(text).ok().map(|parsed| parsed.number)
    }

    /// Asks for what the field holds now; older answers no longer count.
    pub fn ask(&mut self, tickets: &mut Tickets) -> Vec<Effect> {
        self.enter = false;
        let Some(text) = self.field.value().map(ToOwned::to_owned) else {
            self.found = Found::Nothing;
            self.asked = None;
            return Vec::new();
        };
        let ticket = tickets.next();
        self.asked = Some(ticket);
        let query = match self.whole_number() {
            Some(_) => Query::Customer { phone: text },
            None => Query::Search { text, limit: MOST_HITS },
        };
        vec![Effect::load(ticket, query)]
    }

    /// Whether `ticket` belongs to the newest question; older ones are nobody's.
    pub fn is_newest(&self, ticket: Ticket) -> bool {
        self.asked == Some(ticket)
    }

    /// Takes the newest answer; nothing is kept of an answer that failed.
    pub fn take(&mut self, snapshot: Option<Snapshot>) {
        self.asked = None;
        match snapshot {
            Some(Snapshot::Search { hits, .. }) => {
                self.cursor.clamp(hits.len());
                self.found = Found::Hits(hits);
            }
            Some(Snapshot::Customer(customer)) => self.found = Found::One(customer),
            Some(_) | None => {
                self.found = Found::Nothing;
                self.enter = false;
            }
        }
    }

    /// Whether the answer to the newest question is still out.
    pub const fn is_waiting(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether Enter has something to open, now or as soon as the answer is here.
    pub fn has_something(&self) -> bool {
        self.is_waiting()
            || match &self.found {
                Found::Nothing => false,
                Found::Hits(hits) => !hits.is_empty(),
                Found::One(_) => true,
            }
    }

    /// The hits on show.
    pub fn hits(&self) -> &[SearchHit] {
        match &self.found {
            Found::Hits(hits) => hits,
            Found::Nothing | Found::One(_) => &[],
        }
    }

    /// The hit under the cursor.
    pub fn chosen(&self) -> Option<&SearchHit> {
        self.hits().get(self.cursor.0)
    }
}
