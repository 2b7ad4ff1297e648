//! The page of lists: every figure of the overview that has people behind it, and the people behind one, a page at a
//! time.
//!
//! Invariant: a figure whose list the role may not see is not named. Deliberately absent: whole numbers.

use super::pages::Page;
use crate::domain::actor::Role;
use crate::domain::figure::Figure;
use crate::domain::id::{CustomerId, StaffId};
use crate::domain::time::Timestamp;
use crate::tui::ctx::Ctx;
use crate::tui::say::Say;
use crate::tui::widgets::bar::grouped;
use crate::tui::widgets::list_keys::List;
use crate::tui::widgets::pane;
use crate::tui::widgets::rows::{Blank, Column, Keyed, Rows, Width};
use crate::usecase::Query;
use crate::usecase::model::count::{AgentLine, Overview};
use crate::usecase::model::figures::{FigureCount, figures};
use crate::usecase::model::people::{PeopleOrder, PeoplePage, PersonLine};
use ratatui::Frame;
use ratatui::layout::Rect;

/// People on one page.
const PAGE: u32 = 100;

impl Keyed for FigureCount {
    type Key = Figure;

    fn key(&self) -> Figure {
        self.figure.clone()
    }
}

/// A person on the open page.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ListedPerson {
    behind: Figure,
    person: PersonLine,
}

impl Keyed for ListedPerson {
    type Key = (Option<CustomerId>, Option<Timestamp>, String);

    fn key(&self) -> (Option<CustomerId>, Option<Timestamp>, String) {
        (self.person.customer, self.person.at, self.person.phone.clone())
    }
}

const BLANK: Blank = Blank { loading: "over.loading", empty: "over.lists.empty" };

const FIGURES: &[Column<FigureCount>] = &[
    Column::left("over.lists.figure", Width::Rest, |line: &FigureCount, ctx| {
        (line.figure.label(line.who.as_deref(), ctx.lang), ctx.theme.text())
    }),
    Column::right("over.lists.count", Width::Fixed(10), |line: &FigureCount, ctx| {
        (line.count.map_or_else(|| "·".to_owned(), grouped), ctx.theme.strong())
    }),
];

const PEOPLE: &[Column<ListedPerson>] = &[
    Column::left("over.lists.name", Width::Rest, |line: &ListedPerson, ctx| {
        (line.person.name.clone(), ctx.theme.strong())
    }),
    Column::left("over.lists.phone", Width::Fixed(13), |line: &ListedPerson, ctx| {
        (line.person.phone.clone(), ctx.theme.muted())
    }),
    Column::left("over.lists.at", Width::Fixed(16), |line: &ListedPerson, ctx| {
        (line.person.at.map_or_else(|| "–".to_owned(), Timestamp::dmy_hm), ctx.theme.text())
    }),
    Column::left("over.lists.detail", Width::Rest, |line: &ListedPerson, ctx| {
        let detail = line.person.detail.as_deref().map(|detail| line.behind.detail(detail, ctx.lang));
        (detail.unwrap_or_default(), ctx.theme.text())
    }),
    Column::right("over.lists.seat", Width::WideOnly(6), |line: &ListedPerson, ctx| {
        (line.person.seat.map(|seat| seat.to_string()).unwrap_or_default(), ctx.theme.muted())
    }),
];

/// The list that is open.
#[derive(Clone, PartialEq)]
pub struct OpenFigure {
    /// Whose people.
    pub figure: Figure,
    who: Option<String>,
    /// The page that Esc returns to.
    from: Page,
    order: PeopleOrder,
    offset: u32,
    total: i64,
    more: bool,
    rows: Rows<ListedPerson>,
}

impl OpenFigure {
    const fn new(figure: Figure, who: Option<String>, from: Page) -> Self {
        let order = PeopleOrder::Figure;
        Self { figure, who, from, order, offset: 0, total: 0, more: false, rows: Rows::new(PEOPLE) }
    }
}

/// The page.
#[derive(Clone, PartialEq)]
pub struct Lists {
    figures: Rows<FigureCount>,
    /// The list over the figures.
    pub open: Option<OpenFigure>,
}

impl Lists {
    /// A page that was not read yet.
    pub const fn new() -> Self {
        Self { figures: Rows::new(FIGURES), open: None }
    }

    /// The query of the open list.
    pub fn query(&self) -> Option<Query> {
        self.open.as_ref().map(|open| Query::People {
            behind: open.figure.clone(),
            order: open.order,
            offset: open.offset,
            limit: PAGE,
        })
    }

    /// The list that has the keys.
    pub fn list(&self) -> &dyn List {
        match &self.open {
            Some(open) => &open.rows,
            None => &self.figures,
        }
    }

    /// The same, to be moved in.
    pub fn list_mut(&mut self) -> &mut dyn List {
        match &mut self.open {
            Some(open) => &mut open.rows,
            None => &mut self.figures,
        }
    }

    /// The figure under the cursor.
    pub fn chosen(&self) -> Option<&Figure> {
        self.figures.chosen().map(|line| &line.figure)
    }

    /// Opens the chosen figure's list; false when none is chosen.
    pub fn open_chosen(&mut self) -> bool {
        let chosen = self.figures.chosen().cloned();
        self.open = chosen.map(|line| OpenFigure::new(line.figure, line.who, Page::Lists));
        self.open.is_some()
    }

    /// Opens the calls of an agent from their table.
    pub fn open_agent(&mut self, agent: &AgentLine) {
        let figure = Figure::CallsOf(StaffId(agent.staff.clone()));
        self.open = Some(OpenFigure::new(figure, Some(agent.name.clone()), Page::Agents));
    }

    /// Closes the list; gives back the page that it was opened from.
    pub fn close(&mut self) -> Option<Page> {
        self.open.take().map(|open| open.from)
    }

    /// The person under the cursor.
    pub fn person(&self) -> Option<&PersonLine> {
        self.open.as_ref().and_then(|open| open.rows.chosen()).map(|line| &line.person)
    }

    /// Puts the list in the other order, from its beginning.
    pub fn turn_order(&mut self) {
        if let Some(open) = &mut self.open {
            open.order = match open.order {
                PeopleOrder::Figure => PeopleOrder::Name,
                PeopleOrder::Name => PeopleOrder::Figure,
            };
            open.offset = 0;
        }
    }

    /// Turns to the next page or the one before; false when there is none.
    pub fn turn(&mut self, forward: bool) -> bool {
        let Some(open) = &mut self.open else { return false };
        let next = if forward { open.offset.checked_add(PAGE) } else { open.offset.checked_sub(PAGE) };
        match next.filter(|next| i64::from(*next) < open.total) {
            Some(next) => {
                open.offset = next;
                true
            }
            None => false,
        }
    }

    /// Takes the figures of the overview.
    pub fn take_figures(&mut self, data: &Overview, ctx: &Ctx) {
        let role = ctx.actor.role;
        let mut found = figures(data);
        found.retain(|line| opens(role, &line.figure));
        self.figures.take(found, ctx);
    }

    /// Takes a page of people, when its list is still open.
    pub fn take(&mut self, page: PeoplePage, ctx: &Ctx) {
        if let Some(open) = self.open.as_mut().filter(|open| open.figure == page.behind) {
            (open.total, open.more, open.order) = (page.total, page.more, page.order);
            let behind = page.behind;
            let listed = page.people.into_iter();
            open.rows
                .take(listed.map(|person| ListedPerson { behind: behind.clone(), person }).collect(), ctx);
        }
    }

    /// Takes a failed load.
    pub fn fail(&mut self, error: crate::usecase::Error) {
        match &mut self.open {
            Some(open) => open.rows.fail(error),
            None => self.figures.fail(error),
        }
    }

    /// Draws the page.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, focused: bool) {
        let Some(open) = &self.open else {
            let inner = pane::open(frame, area, ctx, &Say::key("over.page.lists").text(ctx.lang), focused);
            return self.figures.view(frame, inner, ctx, focused, BLANK);
        };
        let (from, to) =
            (i64::from(open.offset) + 1, i64::from(open.offset) + open.rows.items().len() as i64);
        let key = match (open.rows.items().is_empty(), open.more) {
            (true, _) => "over.lists.title_empty",
            (false, false) => "over.lists.title",
            (false, true) => "over.lists.title_more",
        };
        let title = Say::key(key)
            .with("figure", open.figure.label(open.who.as_deref(), ctx.lang))
            .with("from", grouped(from))
            .with("to", grouped(to))
            .with("total", grouped(open.total));
        let inner = pane::open(frame, area, ctx, &title.text(ctx.lang), focused);
        open.rows.view(frame, inner, ctx, focused, BLANK);
    }
}

/// Whether a role may open a figure's list.
fn opens(role: Role, figure: &Figure) -> bool {
    figure.needs().iter().all(|act| role.may(*act))
}
