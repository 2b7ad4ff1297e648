//! An open table file of any kind: its header and its rows.

use crate::usecase::import::source::Rows;

/// A header and the rows below it.
pub(in crate::exchange) struct Table {
    pub header: Vec<String>,
    pub rows: Box<dyn Rows>,
}
