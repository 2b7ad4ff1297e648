//! The registration form of a call whose customer agreed: the consents, never ticked beforehand; the name, filled in;
//! and the patient when it is not the customer.

use crate::domain::consent::ConsentPurpose;
use crate::tui::applicant::{self, OTHER};
use crate::tui::call::merge::filled;
use crate::tui::call::panel::CallPanel;
use crate::tui::ctx::Ctx;
use crate::tui::field::{Field, Kind};
use crate::tui::form::{Control, Form};
use crate::tui::say::{Say, word};
use crate::tui::theme::Tone;
use crate::tui::widgets::pane;
use crate::usecase::command::{Channel, Register};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

const NAME: &str = "name";
const WAITLIST: &str = "waitlist";
/// Rows for the sentence of the consent that has the focus.
const QUESTION_ROWS: u16 = 2;

/// The form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registering {
    /// The fields.
    pub form: Form,
}

impl Registering {
    /// The form filled in from the card; no consent is ticked. `cap` names the key of the consent at a place.
    pub fn new(panel: &CallPanel, cap: impl Fn(usize) -> String) -> Self {
        let mut form = Form::new();
        for (at, purpose) in ConsentPurpose::ALL.into_iter().enumerate() {
            let label = Say::key(consent_key(purpose)).with("cap", cap(at));
            form = form.item(purpose.code(), label, Control::Tick(false));
        }
        form = form
            .field(NAME, "calls.form.name", Field::new(Kind::Text).holding(&panel.card.name))
            .tick(WAITLIST, "calls.form.waitlist")
            .tick(OTHER, "calls.form.other");
        form = applicant::with_birth_year(form);
        form.set_tick(WAITLIST, true);
        Self { form }
    }

    /// The form as a draft left it.
    pub fn of(panel: &CallPanel, typed: &[(String, String)], cap: impl Fn(usize) -> String) -> Self {
        let mut registering = Self::new(panel, cap);
        registering.form.retype(typed);
        registering.follow();
        registering.form.retype(typed);
        registering
    }

    /// Follows a change of an item.
    pub fn follow(&mut self) {
        applicant::follow(&mut self.form);
    }

    /// Toggles a consent.
    pub fn turn(&mut self, at: usize) {
        applicant::turn(&mut self.form, at);
    }

    /// The command. None when an item is missing or wrong; the item is then marked.
    pub fn command(&mut self, panel: &CallPanel, ctx: &Ctx) -> Option<Register> {
        self.form.clear_errors();
        let consents = applicant::consents(&mut self.form)?;
        let applicant::Person { patient, birth_year, representative } =
            applicant::person(&mut self.form, ctx).ok()?;
        let name = self.form.value(NAME).filter(|name| *name != panel.card.name);
        Some(Register {
            phone: panel.card.phone.clone(),
            name,
            channel: Channel::Outbound9090,
            consents,
            waitlist: self.form.ticked(WAITLIST),
            patient,
            birth_year,
            representative,
            matter: Some(panel.card.matter),
            lead: None,
            talk_seconds: Some(panel.talk_seconds(ctx.now)),
            recording_announced: panel.announced(),
            note: panel.noted(),
        })
    }

    /// Draws the form in a window over `area`.
    pub fn view(&self, frame: &mut Frame, area: Rect, ctx: &Ctx, panel: &CallPanel) {
        let height = self.form.height() + QUESTION_ROWS + 3;
        let title = word("calls.form.title", ctx.lang);
        let inner = pane::popup(frame, area, ctx, &title, (84, height), Tone::Plain);
        let below = (QUESTION_ROWS + 1).min(inner.height);
        let fields = Rect { height: inner.height - below, ..inner };
        self.form.view(frame, fields, ctx, true);
        let focused = self.form.focused().and_then(|item| ConsentPurpose::parse(item.id));
        if let Some(position) = panel.card.would_wait_at {
            let sentence = Say::key("calls.waitlist_first").with("position", position).text(ctx.lang);
            let line = Line::styled(format!("⚠ {sentence}"), ctx.theme.tone(Tone::Warn));
            let room = Rect { y: fields.bottom(), height: 1.min(below), ..inner };
            frame.render_widget(line, room);
        }
        let (text, style) = match focused {
            Some(purpose) => {
                let question = filled(ctx.campaign.notice.question(purpose), &panel.card, ctx);
                (format!("“{question}”"), ctx.theme.strong())
            }
            None => (word("calls.form.help", ctx.lang), ctx.theme.muted()),
        };
        let lines = pane::prose(&text, inner.width, style);
        for (i, line) in lines.into_iter().take(usize::from(QUESTION_ROWS)).enumerate() {
            let y = fields.bottom() + 1 + i as u16;
            if y < inner.bottom() {
                frame.render_widget(line, Rect { y, height: 1, ..inner });
            }
        }
    }
}

const fn consent_key(purpose: ConsentPurpose) -> &'static str {
    match purpose {
        ConsentPurpose::Register => "calls.consent.register",
        ConsentPurpose::Handbook => "calls.consent.handbook",
        ConsentPurpose::Survey => "calls.consent.survey",
        ConsentPurpose::Marketing => "calls.consent.marketing",
    }
}
