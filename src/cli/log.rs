//! The log: JSON lines into a file, never onto a screen. It holds incidents and timings, no personal data.

use super::paths;
use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Mutex;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

/// Starts the log at `file`, or at the default place. A log that cannot be opened is done without: nobody's call
/// waits for it.
pub fn start(file: Option<&Path>) {
    let path = file.map_or_else(|| paths::state_dir().join("tongdai.log"), Path::to_path_buf);
    if let Some(folder) = path.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    let Ok(file) = OpenOptions::new().create(true).append(true).open(&path) else { return };
    // What libraries say may hold what a stranger sent.
    let own = Targets::new().with_target("tongdai", LevelFilter::INFO);
    let lines = fmt::layer().json().flatten_event(true).with_writer(Mutex::new(file)).with_filter(own);
    let _ = registry().with(lines).try_init();
}

/// A panic ends up in the log under an incident number; the person sees one sentence.
pub fn catch_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let _ = crate::store::StoreError::internal(&format!("panic at {place}"));
    }));
}
