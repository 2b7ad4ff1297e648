//! Measures this machine: each figure beside its limit and, where the hardware decides, beside the machine's bare
//! speed in the same run. Figures are for people to compare; no test asserts a time.
//!
//! Invariants:
//! - everything is bounded in count and time;
//! - stores are made in a temporary folder and removed;
//! - what is measured goes through the same door as all other work.

mod claims;
mod folder;
mod gauge;
mod large;
mod latency;
mod load;
mod server;

use crate::store::Address;
use crate::usecase::Error;
pub(crate) use folder::Folder;
pub use gauge::{Bound, Figure};
pub(crate) use gauge::{Samples, resident_mb};

/// The benchmarks by name, in the order in which all of them run.
pub const NAMES: [&str; 8] =
    ["claims", "registrations", "load", "server", "search", "overview", "start", "frame"];
/// Those that need the large list.
const LARGE: std::ops::RangeFrom<usize> = 4..;

/// Runs the named benchmarks (none: all) with lists of `customers`; calls `report` with each figure as it is measured.
/// `server` runs only where an address is given.
pub fn run(
    names: &[String],
    customers: u32,
    server: Option<&Address>,
    mut report: impl FnMut(&Figure),
) -> Result<(), Error> {
    let wanted = |name: &str| names.is_empty() || names.iter().any(|asked| asked == name);
    let folder =
        Folder::new().map_err(|error| crate::store::StoreError::Unreachable { what: error.to_string() })?;
    let mut report_all = |figures: Vec<Figure>| figures.iter().for_each(&mut report);
    if wanted("claims") {
        report_all(claims::claims(&folder)?);
    }
    if wanted("registrations") {
        report_all(claims::registrations(&folder)?);
    }
    if wanted("load") {
        report_all(load::load(&folder, customers)?);
    }
    if let Some(address) = server
        && wanted("server")
    {
        report_all(server::server(&folder, address)?);
    }
    if NAMES[LARGE].iter().any(|name| wanted(name)) {
        let large = large::Large::build(&folder, customers)?;
        if wanted("search") {
            report_all(large.search()?);
        }
        if wanted("overview") {
            report_all(large.overview()?);
        }
        if wanted("start") {
            report_all(latency::start(&large)?);
        }
        if wanted("frame") {
            report_all(latency::frame(&large)?);
        }
    }
    Ok(())
}
