//! Standard output that may be a closed pipe, a terminal or a file.

use super::fail::Failure;
use crate::domain::lang::Lang;
use serde::Serialize;
use std::io::Write;

/// Writes lines; a closed pipe ends the command quietly.
#[derive(Debug)]
pub struct Out {
    lang: Lang,
}

impl Out {
    /// Standard output.
    pub const fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// One line.
    pub fn line(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = std::io::stdout().lock();
        writeln!(stdout, "{text}")
            .and_then(|()| stdout.flush())
            .map_err(|error| Failure::io(&error, "stdout", self.lang))
    }

    /// One JSON value on one line.
    pub fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string(value)
            .map_err(|error| Failure::from(crate::store::StoreError::internal(&error.to_string())))?;
        self.line(&text)
    }
}
