//! Topics of the change feed, as a small set. A screen reloads only when a topic that it shows was touched.

/// A set of topics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Topics(u16);

impl Topics {
    /// Seats and the waitlist.
    pub const SEATS: Self = Self(1);
    /// Contact matters of any purpose.
    pub const QUEUE: Self = Self(1 << 1);
    /// Hand-over batches.
    pub const BATCHES: Self = Self(1 << 2);
    /// Vinmec's cases.
    pub const CASES: Self = Self(1 << 3);
    /// Doctors, shifts, appointments.
    pub const ROSTER: Self = Self(1 << 4);
    /// Surveys.
    pub const SURVEYS: Self = Self(1 << 5);
    /// Fanpage leads.
    pub const LEADS: Self = Self(1 << 6);
    /// Staff and their states.
    pub const STAFF: Self = Self(1 << 7);
    /// Lists and registers.
    pub const LISTS: Self = Self(1 << 8);
    /// Open sessions, and the orders for them.
    pub const SESSIONS: Self = Self(1 << 9);
    /// What waits for a person.
    pub const TASKS: Self = Self(1 << 10);
    /// The campaign: a new version is in force.
    pub const CAMPAIGN: Self = Self(1 << 11);
    /// A request for no more calls ended a call that another agent was in.
    pub const OPT_OUTS: Self = Self(1 << 12);

    /// Nothing.
    pub const NONE: Self = Self(0);

    /// Everything, for when it is unknown what was missed.
    pub const ALL: Self = Self((1 << 13) - 1);

    /// The set as a number, for another process.
    pub(super) const fn bits(self) -> u16 {
        self.0
    }

    /// The set that another process named; unknown topics of a newer program are dropped.
    pub(super) const fn of_bits(bits: u16) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the sets share a topic.
    pub const fn touches(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether nothing changed.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}
