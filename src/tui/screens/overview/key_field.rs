//! The field for a pasted public key: parses it, shows what was recognised before it is sent, and guards against
//! private keys.
//!
//! Invariants:
//! * no field keeps a private key: it is wiped by the change that completes it, and so is the rest of its paste;
//! * only a recognised public key is sent, in its canonical form.

use crate::domain::refusal::Refusal;
use crate::domain::ssh_key::SshKey;
use crate::tui::ctx::Ctx;
use crate::tui::field::{Field, Kind};
use crate::tui::form::{Control, Form};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::tui::widgets::wrap::shorten;
use ratatui::text::Line;

/// The name of the field.
pub const KEY: &str = "key";
/// Rows of [`recognised`].
const ROWS: usize = 2;

/// An empty field for a public key, with a placeholder.
pub const fn field(placeholder: &'static str) -> Field {
    Field::new(Kind::Code).placeholder(placeholder)
}

/// Guards a window against private keys: remembers whether one was pasted into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrivateKeyGuard(bool);

impl PrivateKeyGuard {
    /// A guard of a window without a private key.
    pub const fn new() -> Self {
        Self(false)
    }

    /// Checks the field after a change; true when it held a private key, which is then wiped.
    ///
    /// A terminal without bracketed paste sends the rest key by key; so after a private key the field keeps only text
    /// that may become a public key.
    pub fn wipe(&mut self, form: &mut Form) -> bool {
        let Some(item) = form.focused() else { return false };
        let Control::Field(field) = &item.control else { return false };
        let (id, text) = (item.id, field.text());
        let private = SshKey::is_private(text);
        let rest = self.0 && id == KEY && !SshKey::may_begin(text);
        if private || rest {
            form.set_text(id, "");
            form.set_error(id, Say::key("over.key.private"));
        }
        self.0 |= private;
        private
    }
}

/// The key in the field. None when there is no usable key; the field is then marked.
pub fn read(form: &mut Form) -> Option<SshKey> {
    match SshKey::parse(form.text(KEY)) {
        Ok(key) => Some(key),
        Err(refusal) => {
            refuse(form, &refusal);
            None
        }
    }
}

/// Marks the field when a refusal is about it; false when the refusal is about something else.
pub fn refuse(form: &mut Form, refusal: &Refusal) -> bool {
    let Refusal::FieldInvalid { field: KEY, reason } = refusal else { return false };
    let say = match *reason {
        "duplicate" => Say::key("over.key.duplicate"),
        "taken" => Say::key("over.key.taken"),
        "too_many" => Say::key("over.key.too_many"),
        _ => Say::from(refusal.clone()),
    };
    form.set_error(KEY, say);
    true
}

/// The lines under a form with a key field: kind, label and fingerprint of the key, or why it is none. No lines when
/// the form has no key field.
pub fn below(form: &Form, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    if form.find_field(KEY).is_none() {
        return Vec::new();
    }
    let mut lines = recognised(form, ctx, width);
    lines.resize(ROWS, Line::default());
    lines
}

fn recognised(form: &Form, ctx: &Ctx, width: u16) -> Vec<Line<'static>> {
    let text = form.text(KEY);
    let width = usize::from(width);
    if text.is_empty() {
        return Vec::new();
    }
    match SshKey::parse(text) {
        Ok(key) => {
            let style = ctx.theme.tone(Tone::Ok);
            let label = if key.label.is_empty() { String::new() } else { format!(" · {}", key.label) };
            vec![
                Line::styled(shorten(&format!("✓ {}{label}", key.kind.code()), width), style),
                Line::styled(shorten(&format!("  {}", key.fingerprint), width), ctx.theme.strong()),
            ]
        }
        // The error beside the field names the reason already.
        Err(_) if form.items().iter().any(|item| item.id == KEY && item.error.is_some()) => Vec::new(),
        Err(refusal) => {
            let text = format!("… {}", refusal.message(ctx.lang));
            vec![Line::styled(shorten(&text, width), ctx.theme.muted())]
        }
    }
}
