//! The fixture of screen tests: one fixed context and one way to draw a screen as text.

use super::ctx::{Ctx, Focus};
use super::field::compose::TypingMode;
use super::theme::{Depth, Theme};
use crate::domain::actor::{Actor, Role};
use crate::domain::campaign::Campaign;
use crate::domain::id::StaffId;
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use crate::usecase::{Error, Receipt, Snapshot};
use chrono::NaiveDate;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};
use std::sync::Arc;

/// The result of a job that reads one thing at most.
pub type First = Result<(Option<Receipt>, Option<Snapshot>), Error>;

/// The instant `YYYY-MM-DDTHH:mm:ss` in Vietnam.
pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}+07:00")).unwrap()
}

/// A context for the role at half past nine on Wednesday 2 December 2026, in Vietnamese, without colour.
pub fn ctx(role: Role) -> Ctx {
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    let campaign = Campaign::default_for(day(11, 20), day(12, 20), day(12, 31), day(12, 31)).unwrap();
    let campaign = campaign.with_sample_details().unwrap();
    Ctx {
        actor: Actor { staff: StaffId("lan".to_owned()), role, name: "Lan".to_owned(), doctor: None },
        campaign: Arc::new(campaign),
        lang: Lang::Vi,
        theme: Theme::new(Depth::Mono),
        now: at("2026-12-02T09:30:00"),
        typing: TypingMode::Telex,
        simulated: true,
        focus: Focus::default(),
    }
}

/// What `draw` leaves on a screen of `width` × `height`, without the blanks at line ends.
pub fn drawn(width: u16, height: u16, draw: impl FnOnce(&mut Frame, Rect)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let done = terminal.draw(|frame| draw(frame, frame.area())).unwrap();
    let mut text = String::new();
    for y in 0..height {
        let row: String = (0..width).map(|x| done.buffer[(x, y)].symbol()).collect();
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}
