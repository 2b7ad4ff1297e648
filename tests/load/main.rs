//! Many sessions on a house of their own, and the figures that it gives out.

#[cfg(test)]
mod figures;
#[cfg(test)]
mod scrape;

/// The program.
#[cfg(test)]
const TONGDAI: &str = env!("CARGO_BIN_EXE_tongdai");
