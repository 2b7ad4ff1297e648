//! Measures this machine: each figure beside the limit that it is held against and, where the machine decides,
//! beside the machine's own bare speed in the same run. Figures are for people to compare, never for tests to
//! time.
//!
//! Invariants: everything is bounded in count and time; stores are made in a temporary folder and removed; what
//! is measured goes through the same door as everybody's work.

mod claims;
mod desk;
mod folder;
mod gauge;
mod large;
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

/// Runs the named benchmarks (none: all) with lists of `customers`; `told` hears each figure as it is measured.
/// `server` runs only where an address is given.
pub fn run(
    names: &[String],
    customers: u32,
    server: Option<&Address>,
    mut told: impl FnMut(&Figure),
) -> Result<(), Error> {
    let wanted = |name: &str| names.is_empty() || names.iter().any(|asked| asked == name);
    let folder =
        Folder::new().map_err(|error| crate::store::StoreError::Unreachable { what: error.to_string() })?;
    let mut tell = |figures: Vec<Figure>| figures.iter().for_each(&mut told);
    if wanted("claims") {
        tell(claims::claims(&folder)?);
    }
    if wanted("registrations") {
        tell(claims::registrations(&folder)?);
    }
    if wanted("load") {
        tell(load::load(&folder, customers)?);
    }
    if let Some(address) = server
        && wanted("server")
    {
        tell(server::server(&folder, address)?);
    }
    if NAMES[LARGE].iter().any(|name| wanted(name)) {
        let large = large::Large::build(&folder, customers)?;
        if wanted("search") {
            tell(large.search()?);
        }
        if wanted("overview") {
            tell(large.overview()?);
        }
        if wanted("start") {
            tell(desk::start(&large)?);
        }
        if wanted("frame") {
            tell(desk::frame(&large)?);
        }
    }
    Ok(())
}
