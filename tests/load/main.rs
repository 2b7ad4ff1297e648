//! Tests the load driver on a server of its own, and the server's metrics.

#[cfg(test)]
mod figures;
#[cfg(test)]
mod scrape;

/// The program.
#[cfg(test)]
const TONGDAI: &str = env!("CARGO_BIN_EXE_tongdai");
