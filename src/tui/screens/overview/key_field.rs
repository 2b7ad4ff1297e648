//! The field that takes a pasted public key: how it is read, what is shown of it before it is sent, and the guard
//! against private keys.
//!
//! Invariants: a private key stays in no field: it is wiped with the change that made it one, and whatever of it
//! comes after. Only what was recognised as a public key is sent, in its own canonical form.

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

/// An empty field for a public key, with a locale key to show until one is there.
pub const fn field(placeholder: &'static str) -> Field {
    Field::new(Kind::Code).placeholder(placeholder)
}

/// The guard of a window against private keys: whether one was pasted into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrivateKeyGuard(bool);

impl PrivateKeyGuard {
    /// No private key was pasted.
    pub const fn new() -> Self {
        Self(false)
    }

    /// Looks at the field that was just changed; true when it held a private key, which is wiped now.
    ///
    /// A terminal that pastes key by key sends the rest afterwards: after a private key the field keeps
    /// only what may become a public one.
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

/// The key in the field. None when there is none, or none that can be used: then the field is marked.
pub fn read(form: &mut Form) -> Option<SshKey> {
    match SshKey::parse(form.text(KEY)) {
        Ok(key) => Some(key),
        Err(refusal) => {
            refuse(form, &refusal);
            None
        }
    }
}

/// Marks the field when a refusal is about it; false when it is not.
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

/// The lines under the form when it takes a key: kind, label and fingerprint of what the field holds, or why it is no
/// key. None when the form takes no key.
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
        // The field says it already.
        Err(_) if form.items().iter().any(|item| item.id == KEY && item.error.is_some()) => Vec::new(),
        Err(refusal) => {
            let text = format!("… {}", refusal.message(ctx.lang));
            vec![Line::styled(shorten(&text, width), ctx.theme.muted())]
        }
    }
}
