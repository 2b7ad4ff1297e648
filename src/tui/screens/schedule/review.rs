//! What a doctor says of a screening afterwards: the patient should have been sent to 115, or a flag was wrong.

use super::state::{Save, Schedule};
use super::window::{Topic, Window, whom};
use crate::domain::triage::ReviewVerdict;
use crate::tui::effect::Effect;
use crate::tui::field::{Field, Kind};
use crate::tui::form::Form;
use crate::tui::say::Say;
use crate::usecase::command::Command;
use crate::usecase::model::case::AppointmentLine;

/// The locale key of a verdict.
pub const fn verdict_key(verdict: ReviewVerdict) -> &'static str {
    match verdict {
        ReviewVerdict::ShouldHaveBeen115 => "schedule.verdict.should_have_been_115",
        ReviewVerdict::FlagWasWrong => "schedule.verdict.flag_was_wrong",
    }
}

/// The window of the review of an appointment's case.
pub fn window(line: &AppointmentLine) -> Window {
    let form = Form::new()
        .choice("verdict", "schedule.field.verdict", &ReviewVerdict::ALL.map(verdict_key))
        .field("note", "schedule.field.review_note", Field::new(Kind::Note).max(500));
    Window::new(Topic::Review(line.case), Say::key("schedule.popup.review"), form)
        .whom(whom(line))
        .help(Say::key("schedule.popup.review_help"))
}

impl Schedule {
    /// Asks before a review goes to who signs the list.
    pub(super) fn ask_review(&mut self, command: Command, whom: &str) -> Vec<Effect> {
        let Command::ReviewScreening(review) = &command else { return Vec::new() };
        let text = match review.verdict {
            ReviewVerdict::ShouldHaveBeen115 => Say::key("schedule.ask.should_have_been_115"),
            ReviewVerdict::FlagWasWrong => Say::key("schedule.ask.flag_was_wrong"),
        };
        let detail = Say::key("schedule.ask.review_detail");
        let save = Save::Window("schedule.done.review");
        vec![self.requests.ask(save, command, [], text.with("whom", whom), detail)]
    }
}
