//! Sets up the log: JSON lines in a file, never on a screen. It holds incidents and timings, no personal data.

use super::paths;
use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Mutex;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt, registry};

/// Starts the log at `file`, or at the default path. Without a log that can be opened, the program runs all the same.
pub fn start(file: Option<&Path>) {
    let path = file.map_or_else(|| paths::state_dir().join("tongdai.log"), Path::to_path_buf);
    if let Some(folder) = path.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    let Ok(file) = OpenOptions::new().create(true).append(true).open(&path) else { return };
    // Log lines of libraries may hold what an unauthenticated client sent.
    let own = Targets::new().with_target("tongdai", LevelFilter::INFO);
    let lines = fmt::layer().json().flatten_event(true).with_writer(Mutex::new(file)).with_filter(own);
    let _ = registry().with(lines).try_init();
}

/// Logs a panic under an incident number; the user sees one sentence.
pub fn catch_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let _ = crate::store::StoreError::internal(&format!("panic at {place}"));
    }));
}
