//! A sentence on show, and how long it stays.

use crate::domain::time::Timestamp;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::Error;

/// How long a notice stays when nothing is done, in milliseconds: good news, and the rest.
const NOTICE_MS: (i64, i64) = (10_000, 30_000);

/// A sentence on show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) tone: Tone,
    pub(super) say: Say,
    /// What was said at the same moment and is less grave.
    pub(super) also: Option<Say>,
    /// When it was said, and from the first frame that shows it: since when it is on show.
    pub(super) since: Timestamp,
    /// A frame has shown it.
    pub(super) shown: bool,
}

/// How grave a tone is.
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

    /// Whether it has been there for its time.
    pub(super) const fn is_over(&self, now: Timestamp) -> bool {
        let lasts = match self.tone {
            Tone::Plain | Tone::Info | Tone::Ok | Tone::Muted => NOTICE_MS.0,
            Tone::Warn | Tone::Danger => NOTICE_MS.1,
        };
        now.since(self.since) > lasts
    }

    /// Whether it says that the store did not answer.
    pub(super) fn is_about_store(&self) -> bool {
        matches!(&self.say, Say::Failed(error) if matches!(**error, Error::Store(_)))
    }

    /// Whether it says that a save has to be waited for.
    pub(super) fn is_about_saving(&self) -> bool {
        matches!(self.say, Say::Key("frame.held_full" | "frame.paste_while_saving" | "frame.why.saving", _))
    }
}
