//! Imports.

pub mod source;

use crate::domain::lang::Lang;
use source::{FileError, Row};

/// Where rejected rows go.
pub trait Rejects {
    /// Writes a rejected row with its public reason and the sentence behind it.
    ///
    /// # Errors
    /// The file cannot be written on.
    fn reject(
        &mut self,
        row: &Row,
        code: &'static str,
        sentence: &dyn Fn(Lang) -> String,
    ) -> Result<(), FileError>;

    /// Makes what was written last.
    ///
    /// # Errors
    /// The file cannot be written on.
    fn finish(&mut self) -> Result<(), FileError>;
}
