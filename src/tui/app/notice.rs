//! One notice: its sentence, how grave it is, and how long it stays.

use crate::domain::time::Timestamp;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::Error;

/// How long a notice stays while nothing is done, in milliseconds: one that reports success, and any other.
const NOTICE_MS: (i64, i64) = (10_000, 30_000);

/// A sentence that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) tone: Tone,
    pub(super) say: Say,
    /// A less grave sentence of the same moment.
    pub(super) also: Option<Say>,
    /// When it was made; once a frame has shown it, the time of that frame.
    pub(super) since: Timestamp,
    /// Whether a frame has shown it.
    pub(super) shown: bool,
}

/// The rank of a tone; the graver tone has the higher one.
const fn gravity(tone: Tone) -> u8 {
    match tone {
        Tone::Plain | Tone::Muted => 0,
        Tone::Info | Tone::Ok => 1,
        Tone::Warn => 2,
        Tone::Danger => 3,
    }
}

impl Notice {
    pub(super) const fn new(tone: Tone, say: Say, since: Timestamp) -> Self {
        Self { tone, say, also: None, since, shown: false }
    }

    /// This notice and another of the same moment: the graver one first.
    pub(super) fn and(self, other: Self) -> Self {
        if self.say == other.say {
            return self;
        }
        let (mut first, second) =
            if gravity(other.tone) > gravity(self.tone) { (other, self) } else { (self, other) };
        first.also = Some(second.say);
        first
    }

    /// Whether its time is over.
    pub(super) const fn is_over(&self, now: Timestamp) -> bool {
        let lasts = match self.tone {
            Tone::Plain | Tone::Info | Tone::Ok | Tone::Muted => NOTICE_MS.0,
            Tone::Warn | Tone::Danger => NOTICE_MS.1,
        };
        now.since(self.since) > lasts
    }

    /// Whether it reports that the store did not answer.
    pub(super) fn is_about_store(&self) -> bool {
        matches!(&self.say, Say::Failed(error) if matches!(**error, Error::Store(_)))
    }

    /// Whether it reports that a save is still in flight.
    pub(super) fn is_about_saving(&self) -> bool {
        matches!(self.say, Say::Key("frame.held_full" | "frame.paste_while_saving" | "frame.why.saving", _))
    }
}
