//! The possible findings: each case with its mark; sentences and hints are in `locales/doctor.yml`.

use crate::domain::lang::Lang;
use rust_i18n::t;
use serde_json::{Value, json};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// As it should be.
    Good,
    /// Works, with a warning.
    Warning,
    /// Will fail, or loses or shows what it must not.
    Wrong,
}

impl Mark {
    const fn sign(self) -> char {
        match self {
            Self::Good => '✓',
            Self::Warning => '!',
            Self::Wrong => '✗',
        }
    }

    /// The public word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Warning => "warning",
            Self::Wrong => "wrong",
        }
    }
}

macro_rules! cases {
    ($($(#[$about:meta])* $name:ident = $check:literal $case:literal $mark:ident;)*) => {
        /// A case of a check.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Case { $($(#[$about])* $name,)* }

        impl Case {
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name,)*];

            /// The check, the case and its mark.
            const fn about(self) -> (&'static str, &'static str, Mark) {
                match self { $(Self::$name => ($check, $case, Mark::$mark),)* }
            }
        }
    };
}

cases! {
    /// The store opens.
    StoreOpens = "store" "opens" Good;
    /// It does not.
    StoreAway = "store" "away" Wrong;
    /// The schema is this program's.
    SchemaCurrent = "schema" "current" Good;
    /// The next start brings it up to date.
    SchemaOlder = "schema" "older" Warning;
    /// Every invariant holds.
    Sound = "integrity" "sound" Good;
    /// Some do not.
    Broken = "integrity" "broken" Wrong;
    /// Small writes are durable soon.
    FsyncFast = "fsync" "fast" Good;
    /// They are not.
    FsyncSlow = "fsync" "slow" Warning;
    /// Nothing can be written.
    FsyncFailed = "fsync" "failed" Wrong;
    /// A file system of this machine.
    FilesLocal = "file_system" "local" Good;
    /// One of another machine, or behind another program.
    FilesRemote = "file_system" "remote" Warning;
    /// Lost with the power.
    FilesInMemory = "file_system" "memory" Warning;
    /// There is room.
    SpaceEnough = "space" "enough" Good;
    /// Not for long.
    SpaceLow = "space" "low" Warning;
    /// Hardly any.
    SpaceGone = "space" "gone" Wrong;
    /// The clock may be right.
    ClockPlausible = "clock" "plausible" Good;
    /// It cannot be.
    ClockImplausible = "clock" "implausible" Wrong;
    /// What was written last is later than now.
    ClockBehind = "clock" "behind" Wrong;
    /// This machine and the server agree.
    ServerClockAgrees = "server_clock" "agrees" Good;
    /// They do not.
    ServerClockDiffers = "server_clock" "differs" Warning;
    /// Only those who should read it can.
    ModeTight = "mode" "tight" Good;
    /// Others can read or write it.
    ModeOpen = "mode" "open" Wrong;
    /// Others can replace what is in it.
    FolderOpen = "mode" "folder" Wrong;
    /// The server starts with them.
    LimitsFit = "limits" "fit" Good;
    /// It does not.
    LimitsWrong = "limits" "wrong" Wrong;
    /// Takes writes.
    HostLeads = "host" "leads" Good;
    /// Follows.
    HostFollows = "host" "follows" Good;
    /// Does not answer, or refuses us.
    HostAway = "host" "away" Warning;
    /// None takes writes.
    NobodyLeads = "leader" "none" Wrong;
    /// More than one takes writes.
    SeveralLead = "leader" "several" Wrong;
    /// The line is encrypted and the server proved.
    TlsOn = "tls" "on" Good;
    /// Not needed inside one machine.
    TlsInside = "tls" "inside" Good;
    /// Unencrypted over a network.
    TlsOff = "tls" "off" Warning;
    /// What was committed survives a power cut.
    Durable = "durability" "on" Good;
    /// It does not.
    NotDurable = "durability" "off" Wrong;
    /// A standby confirms each commit.
    Synchronous = "replication" "synchronous" Good;
    /// Standbys follow, none confirms.
    Asynchronous = "replication" "asynchronous" Warning;
    /// No standby follows.
    Alone = "replication" "alone" Warning;
    /// The role may not see it.
    ReplicationHidden = "replication" "hidden" Warning;
    /// The program's role can only add to the audit log.
    AuditSafe = "audit_rights" "safe" Good;
    /// It can alter it.
    AuditOwned = "audit_rights" "owned" Warning;
}

/// One line of a doctor's report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub case: Case,
    facts: Vec<(&'static str, String)>,
}

impl Finding {
    /// A case with the facts that its sentence names.
    pub fn new(case: Case, facts: &[(&'static str, &str)]) -> Self {
        Self { case, facts: facts.iter().map(|(name, value)| (*name, (*value).to_owned())).collect() }
    }

    /// How bad it is.
    pub const fn mark(&self) -> Mark {
        self.case.about().2
    }

    fn say(&self, part: &str, lang: Lang) -> String {
        let (check, case, _) = self.case.about();
        let key = format!("doctor.{check}.{case}.{part}");
        let text = t!(&key, locale = lang.code()).into_owned();
        // What is as it should be needs no hint.
        if text == key {
            return String::new();
        }
        self.facts.iter().fold(text, |text, (name, value)| text.replace(&format!("%{{{name}}}"), value))
    }

    /// Mark and sentence, and the hint behind an arrow on a line of its own.
    pub fn lines(&self, lang: Lang) -> String {
        let mut text = format!("{} {}", self.mark().sign(), self.say("message", lang));
        let hint = self.say("hint", lang);
        if !hint.is_empty() {
            text.push_str("\n  → ");
            text.push_str(&hint);
        }
        text
    }

    /// The public form.
    pub fn json(&self, lang: Lang) -> Value {
        let (check, case, mark) = self.case.about();
        let facts: serde_json::Map<_, _> =
            self.facts.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        json!({
            "check": check,
            "case": case,
            "state": mark.code(),
            "message": self.say("message", lang),
            "hint": self.say("hint", lang),
            "facts": facts,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_has_its_sentence_and_every_bad_one_a_hint_in_both_languages() {
        for case in Case::ALL {
            let finding = Finding::new(*case, &[]);
            for lang in [Lang::Vi, Lang::En] {
                assert!(!finding.say("message", lang).is_empty(), "{case:?} {lang:?}");
                let hinted = !finding.say("hint", lang).is_empty();
                assert_eq!(hinted, finding.mark() != Mark::Good, "{case:?} {lang:?}");
            }
        }
    }

    #[test]
    fn facts_stand_in_the_sentence() {
        let finding = Finding::new(Case::SpaceLow, &[("free", "812 MiB"), ("folder", "/srv")]);
        let text = finding.lines(Lang::En);
        assert!(text.starts_with("! ") && text.contains("812 MiB") && text.contains("\n  → "), "{text}");
        assert!(!text.contains("%{"), "{text}");
        assert_eq!(finding.json(Lang::Vi)["state"], "warning");
    }
}
