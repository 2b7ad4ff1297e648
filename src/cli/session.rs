//! The context of every command of the command line: language, acting staff member, open store.

use super::args::Global;
use super::clock;
use super::fail::Failure;
use super::out::Out;
use super::paths;
use crate::domain::actor::OPERATOR;
use crate::domain::id::StaffId;
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use crate::store::Store;
use crate::usecase::{Command, Door, Query, Receipt, Request, Snapshot, When};

/// The context of a command.
#[derive(Debug)]
pub struct Session {
    /// Options of every command.
    pub global: Global,
    /// The language.
    pub lang: Lang,
    /// Standard output.
    pub out: Out,
}

impl Session {
    /// From the parsed options.
    pub fn new(global: Global) -> Self {
        let lang = global.lang.unwrap_or_default();
        Self { global, lang, out: Out::new(lang) }
    }

    /// The acting staff member: `--as`, or the machine's administrator.
    pub fn staff(&self) -> StaffId {
        StaffId(self.global.staff.clone().unwrap_or_else(|| OPERATOR.to_owned()))
    }

    /// The store that `--store` names.
    pub fn open(&self) -> Result<Door, Failure> {
        let place = paths::store_place(self.global.store.as_deref())?;
        Ok(Door::open(Store::open(place)?, &paths::os_user())?)
    }

    /// The time that a command without `at` happens at.
    pub fn now(door: &Door) -> Timestamp {
        if door.simulated() { Timestamp::ZERO } else { clock::now() }
    }

    /// One command.
    pub fn execute(&self, door: &Door, command: Command) -> Result<Receipt, Failure> {
        let when = When::Now(Self::now(door));
        Ok(door.execute(Request { op: None, staff: self.staff(), when, command })?)
    }

    /// One query. What is audited when it is looked at is opened first.
    pub fn query(&self, door: &Door, query: Query) -> Result<Snapshot, Failure> {
        if let Some(open) = query.opening() {
            self.execute(door, open)?;
        }
        Ok(door.query(&self.staff(), Self::now(door), query)?)
    }

    /// A sentence of `locales/cli.yml` with its placeholders filled.
    pub fn say(&self, key: &str, facts: &[(&str, &str)]) -> String {
        let mut text = rust_i18n::t!(key, locale = self.lang.code()).into_owned();
        for (name, value) in facts {
            text = text.replace(&format!("%{{{name}}}"), value);
        }
        text
    }

    /// A receipt: JSON, or a sentence.
    pub fn done(&self, receipt: &impl serde::Serialize, sentence: &str) -> Result<(), Failure> {
        if self.global.json { self.out.json(receipt) } else { self.out.line(sentence) }
    }
}
