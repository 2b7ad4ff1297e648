//! The registration form of a call whose customer agreed: the consents, never ticked beforehand; the name, filled in;
//! and the patient when it is not the customer.

use crate::domain::consent::ConsentPurpose;
use crate::tui::applicant::{self, OTHER};
use crate::tui::call::merge::filled;
use crate::tui::call::panel::CallPanel;
use crate::tui::call::script::would_wait;
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
/// Columns of the window with its frame.
const WIDTH: u16 = 84;

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
        // Both are read before either ends the act, so that every item that is wrong is marked.
        let (consents, person) =
            (applicant::consents(&mut self.form), applicant::person(&mut self.form, ctx));
        let (consents, applicant::Person { patient, birth_year, representative }) = (consents?, person?);
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
        let width = WIDTH.min(area.width);
        let below = self.below(ctx, panel, width.saturating_sub(4));
        // What is read out under the form stands whole, with as many rows as the longest question takes, so that the
        // window keeps its size; the form scrolls in what is left.
        let rows = ConsentPurpose::ALL
            .into_iter()
            .map(|purpose| Self::spoken(purpose, ctx, panel, width.saturating_sub(4)).len())
            .max()
            .unwrap_or_default()
            .max(below.len()) as u16;
        let title = word("calls.form.title", ctx.lang);
        let height = self.form.height() + rows + 3;
        let inner = pane::popup(frame, area, ctx, &title, (width, height), Tone::Plain);
        let rows = rows.min(inner.height);
        let gap = u16::from(inner.height > rows + 1);
        let fields = Rect { height: inner.height - rows - gap, ..inner };
        self.form.view(frame, fields, ctx, true);
        pane::put(frame, Rect { y: inner.bottom() - rows, height: rows, ..inner }, below);
    }

    /// The lines under the form: the place on the waitlist when no seat is left, then the question of the consent that
    /// has the focus.
    fn below(&self, ctx: &Ctx, panel: &CallPanel, width: u16) -> Vec<Line<'static>> {
        match self.form.focused().and_then(|item| ConsentPurpose::parse(item.id)) {
            Some(purpose) => Self::spoken(purpose, ctx, panel, width),
            None => {
                let mut lines = would_wait(&panel.card, ctx, width);
                lines.extend(pane::prose(&word("calls.form.help", ctx.lang), width, ctx.theme.muted()));
                lines
            }
        }
    }

    fn spoken(purpose: ConsentPurpose, ctx: &Ctx, panel: &CallPanel, width: u16) -> Vec<Line<'static>> {
        let question = filled(ctx.campaign.notice.question(purpose), &panel.card, ctx);
        let mut lines = would_wait(&panel.card, ctx, width);
        lines.extend(pane::prose(&format!("“{question}”"), width, ctx.theme.strong()));
        lines
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
