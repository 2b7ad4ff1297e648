//! The form of a result that needs more than a key: a promised time or a note. It also edits the note alone.

use super::panel::CallPanel;
use super::when;
use crate::domain::disposition::Disposition;
use crate::domain::refusal::Refusal;
use crate::tui::ctx::Ctx;
use crate::tui::effect::{Effect, Question};
use crate::tui::field::{Field, Kind};
use crate::tui::form::Form;
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use crate::usecase::command::{CallbackFor, RecordCall};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

/// The longest note in graphemes, as the command allows it.
const NOTE_MAX: usize = 500;
const AT: &str = "callback_at";
const FOR: &str = "callback_for";
const NOTE: &str = "note";
/// The prefix of this form's name in a draft.
const DETAIL: &str = "detail:";
/// The order of the choice "who calls".
const WHO: [CallbackFor; 2] = [CallbackFor::Me, CallbackFor::Anyone];

/// The form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// The result that needs it; none: only the note is edited.
    pub disposition: Option<Disposition>,
    /// The fields.
    pub form: Form,
}

impl Detail {
    /// The form that opens before this result is recorded: for a time, a note, or a complaint, whose supervisor works
    /// from the note. The note of a complaint may stay empty. None when the key alone is enough.
    pub fn needed(disposition: Disposition, panel: &CallPanel) -> Option<Self> {
        let flags = disposition.flags();
        if flags.needs_callback_time {
            return Some(Self::callback(disposition, panel));
        }
        let asks_note = flags.needs_note || flags.to_supervisor;
        (asks_note && panel.note.trim().is_empty()).then(|| Self::noted(Some(disposition), panel))
    }

    /// The form of the note alone.
    pub fn note(panel: &CallPanel) -> Self {
        Self::noted(None, panel)
    }

    /// The name of this form in a draft.
    pub fn part(&self) -> String {
        format!("{DETAIL}{}", self.disposition.map_or("", Disposition::code))
    }

    /// The form of a draft, filled in; none when the draft names another part of the screen.
    pub fn of_part(part: &str, panel: &CallPanel, fields: &[(String, String)]) -> Option<Self> {
        let disposition = Disposition::parse(part.strip_prefix(DETAIL)?);
        let needed = disposition.and_then(|disposition| Self::needed(disposition, panel));
        let mut detail = needed.unwrap_or_else(|| Self::noted(disposition, panel));
        detail.form.retype(fields);
        Some(detail)
    }

    /// The form for a result that was refused for lack of a time or a note; none for other refusals.
    pub fn blamed(refusal: &Refusal, disposition: Disposition, panel: &CallPanel) -> Option<Self> {
        let mut detail = match refusal {
            Refusal::CallbackTimeMissing => Self::callback(disposition, panel),
            Refusal::NoteMissing(_) => Self::noted(Some(disposition), panel),
            _ => return None,
        };
        detail.form.blame(refusal);
        Some(detail)
    }

    fn callback(disposition: Disposition, panel: &CallPanel) -> Self {
        let at = Field::new(Kind::Text).max(30).placeholder("call.when.placeholder");
        let mut form = Form::new()
            .field(AT, "call.form.callback_at", at)
            .choice(FOR, "call.form.callback_for", &["call.form.for_me", "call.form.for_anyone"])
            .field(NOTE, "call.form.note", note_field(panel));
        form.choose(FOR, 1);
        Self { disposition: Some(disposition), form }
    }

    fn noted(disposition: Option<Disposition>, panel: &CallPanel) -> Self {
        Self { disposition, form: Form::new().field(NOTE, "call.form.note", note_field(panel)) }
    }

    /// This form as it was left, with the present note.
    #[must_use]
    pub fn taken_up(mut self, panel: &CallPanel) -> Self {
        self.form.set_text(NOTE, &panel.note);
        self
    }

    /// The present note; the panel keeps it also when the form is left.
    pub fn written(&self) -> String {
        self.form.value(NOTE).unwrap_or_default()
    }

    /// The command that records the result. None when a field is missing or wrong; the field is then marked.
    pub fn result(&mut self, panel: &CallPanel, ctx: &Ctx) -> Option<RecordCall> {
        let disposition = self.disposition?;
        let mut record = panel.result(disposition, ctx.now);
        self.form.clear_errors();
        record.note = self.form.value(NOTE);
        let flags = disposition.flags();
        if flags.needs_callback_time {
            match when::read(self.form.text(AT), ctx.now) {
                Ok(at) => {
                    let limits = ctx.campaign.limits_on(ctx.now.date()).contact;
                    if limits.check_callback(panel.card.purpose, at).is_err() {
                        self.form.set_error(AT, Say::key("call.when.outside"));
                    }
                    record.callback_at = Some(at);
                }
                Err(error) => self.form.set_error(AT, Say::key(error.key())),
            }
            record.callback_for = self.form.chosen(FOR).and_then(|at| WHO.get(at).copied());
        }
        if flags.needs_note && record.note.is_none() {
            self.form.set_error(NOTE, Say::from(Refusal::NoteMissing(disposition)));
        }
        (!self.form.has_errors()).then_some(record)
    }

    /// Draws the form in a window over `area`.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, panel: &CallPanel) {
        let title = match self.disposition {
            Some(disposition) => disposition.label_for(panel.card.purpose, ctx.lang),
            None => word("call.note", ctx.lang),
        };
        let with_time = self.form.find_field(AT).is_some();
        let to_supervisor = self.disposition.is_some_and(|disposition| disposition.flags().to_supervisor);
        // A refused time takes a sentence of two lines.
        let rows = if with_time { 2 } else { u16::from(to_supervisor) };
        let height = self.form.height() + 2 + rows;
        let inner = pane::popup(frame, area, ctx, &title, (68, height), Tone::Plain);
        let fields = Rect { height: self.form.height().min(inner.height), ..inner };
        self.form.view(frame, fields, ctx, true);
        let below = Rect { y: fields.bottom(), height: rows.min(inner.bottom() - fields.bottom()), ..inner };
        if with_time {
            frame.render_widget(Paragraph::new(self.read_back(panel, ctx, below.width)), below);
        } else if to_supervisor {
            let help = word("call.form.complaint_help", ctx.lang);
            frame.render_widget(Line::styled(help, ctx.theme.muted()), below);
        }
    }

    /// How the typed time was understood, or why it cannot be promised.
    fn read_back(&self, panel: &CallPanel, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
        let text = self.form.text(AT);
        match when::read(text, ctx.now) {
            Ok(at) => {
                let contact = ctx.campaign.limits_on(ctx.now.date()).contact;
                if let Err(refusal) = contact.check_callback(panel.card.purpose, at) {
                    let sentence = format!("✗ {}", refusal.message(ctx.lang));
                    return pane::prose(&sentence, width, ctx.theme.tone(Tone::Danger));
                }
                let day = word(&format!("call.weekday.{}", at.local().format("%u")), ctx.lang);
                let read = Say::key("call.when.read").with("day", day).with("at", at.dm_hm_near(ctx.now));
                let limits = ctx.campaign.limits_on(at.date()).contact;
                if limits.call_window(panel.card.purpose).contains(at) {
                    return vec![Line::from(pane::marked(ctx.theme, Tone::Ok, &read.text(ctx.lang)))];
                }
                let sentence = Say::key("call.when.agreement").with("read", read.text(ctx.lang));
                vec![Line::from(pane::marked(ctx.theme, Tone::Warn, &sentence.text(ctx.lang)))]
            }
            Err(_) => vec![Line::styled(word("call.when.help", ctx.lang), ctx.theme.muted())],
        }
    }
}

fn note_field(panel: &CallPanel) -> Field {
    Field::new(Kind::Note).max(NOTE_MAX).placeholder("call.form.note_placeholder").holding(&panel.note)
}

/// The question before a result that opts the customer out; its answer comes back under `id`.
pub fn ask_opt_out(id: &'static str, panel: &CallPanel) -> Effect {
    Effect::Ask(Box::new(Question {
        id,
        text: Say::key("call.ask_opt_out").with("name", &panel.card.name),
        detail: Some(Say::key("call.ask_opt_out_detail")),
        tone: Tone::Danger,
        on_esc: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::actor::Role;
    use crate::tui::call::panel::tests::card;
    use crate::tui::fixture::{at, ctx, drawn};

    fn panel() -> CallPanel {
        CallPanel::new(card(), &ctx(Role::Agent))
    }

    #[test]
    fn one_key_is_enough_where_nothing_more_is_needed() {
        for disposition in Disposition::ALL {
            let flags = disposition.flags();
            let needs = flags.needs_callback_time || flags.needs_note || flags.to_supervisor;
            assert_eq!(Detail::needed(disposition, &panel()).is_some(), needs, "{disposition:?}");
        }
        let mut noted = panel();
        noted.note = "nói tiếng Nhật".to_owned();
        assert_eq!(Detail::needed(Disposition::Language, &noted), None);
    }

    #[test]
    fn a_callback_carries_its_time_and_whose_it_is() {
        let ctx = ctx(Role::Agent);
        let mut detail = Detail::needed(Disposition::Callback, &panel()).unwrap();
        detail.form.set_text("callback_at", "mai 9:00");
        detail.form.choose("callback_for", 0);
        let record = detail.result(&panel(), &ctx).unwrap();
        assert_eq!(record.callback_at, Some(at("2026-12-03T09:00:00")));
        assert_eq!(record.callback_for, Some(CallbackFor::Me));
    }

    #[test]
    fn a_time_that_cannot_be_read_marks_its_field_and_keeps_the_text() {
        let ctx = ctx(Role::Agent);
        let mut detail = Detail::needed(Disposition::Callback, &panel()).unwrap();
        detail.form.set_text("callback_at", "chiều mai");
        assert_eq!(detail.result(&panel(), &ctx), None);
        let item = detail.form.focused().unwrap();
        assert_eq!((item.id, &item.error), (AT, &Some(Say::key("call.when.unreadable"))));
        assert_eq!(detail.form.text(AT), "chiều mai");
    }

    #[test]
    fn a_language_barrier_needs_its_note() {
        let ctx = ctx(Role::Agent);
        let mut detail = Detail::needed(Disposition::Language, &panel()).unwrap();
        assert_eq!(detail.result(&panel(), &ctx), None);
        detail.form.set_text("note", "chỉ nói tiếng Hoa");
        assert_eq!(detail.result(&panel(), &ctx).unwrap().note.as_deref(), Some("chỉ nói tiếng Hoa"));
    }

    #[test]
    fn a_complaint_asks_what_it_is_about_and_is_recorded_without_an_answer_too() {
        let ctx = ctx(Role::Agent);
        let panel = panel();
        let mut detail = Detail::needed(Disposition::Complaint, &panel).unwrap();
        let shown = drawn(80, 20, |frame, area| detail.view(frame, area, &ctx, &panel));
        assert!(shown.contains("để trống"), "{shown}");
        assert_eq!(detail.result(&panel, &ctx).map(|record| record.note), Some(None));
        detail.form.set_text("note", "chờ máy quá lâu");
        assert_eq!(detail.result(&panel, &ctx).unwrap().note.as_deref(), Some("chờ máy quá lâu"));
    }

    #[test]
    fn a_time_outside_the_programme_is_not_read_back_as_good() {
        let ctx = ctx(Role::Agent);
        let panel = panel();
        let mut detail = Detail::needed(Disposition::Callback, &panel).unwrap();
        detail.form.set_text("callback_at", "02/12/2036 9:00");
        let shown = drawn(80, 20, |frame, area| detail.view(frame, area, &ctx, &panel));
        assert!(!shown.contains('✓') && shown.contains('✗'), "{shown}");
        assert!(shown.contains("2026."), "the year is whole: {shown}");
    }

    #[test]
    fn the_window_reads_the_typed_time_back() {
        let ctx = ctx(Role::Agent);
        let panel = panel();
        let mut detail = Detail::needed(Disposition::Callback, &panel).unwrap();
        detail.form.set_text("callback_at", "+2h");
        insta::assert_snapshot!(
            "callback_form",
            drawn(80, 20, |frame, area| detail.view(frame, area, &ctx, &panel))
        );
    }
}
