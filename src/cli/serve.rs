//! Runs `tongdai serve`, the SSH server, and the commands for its host key.

use super::args::{HostKeyFile, Serve};
use super::clock;
use super::fail::{Failure, because};
use super::limits::{Source, raise_files};
use super::paths;
use super::predecessor;
use super::service;
use super::session::Session;
use crate::domain::ssh_key::Fingerprint;
use crate::metrics::{Answerer, page};
use crate::ssh::host_key;
use crate::ssh::limits_file::Problem;
use crate::ssh::{Limits, ServerState, Style, TerminalOptions, listen, serve as serve_ssh};
use crate::store::StoreError;
use crate::usecase::{Door, Error};
use russh::keys::PrivateKey;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::spawn_blocking;

/// Threads that run the requests of all sessions. Many commands that wait at the same time share one commit.
const DOOR_THREADS: usize = 32;
/// Threads that draw and encrypt, at most.
const DRAWING_THREADS: usize = 8;
/// How long work may take that still runs when the server has stopped.
const LAST: Duration = Duration::from_secs(1);

/// Serves until SIGTERM or SIGINT.
pub fn serve(session: &Session, args: &Serve) -> Result<(), Failure> {
    let source = Source::of(args);
    let limits = source.read().map_err(|problem| source.failure(&problem, session))?;
    let door = session.open()?;
    let key_file = key_file(args.host_key.as_deref());
    let host_key = host_key::load_or_create(&key_file).map_err(|why| no_key(&why, &key_file, session))?;
    raise_files(&limits);
    // The server's own environment does not describe the users' terminals.
    crossterm::style::force_color_output(true);
    let runtime = runtime().map_err(|error| Failure::io(&error, "threads", session.lang))?;
    let served = runtime.block_on(run(session, args, source, limits, door, host_key));
    runtime.shutdown_timeout(LAST);
    served
}

fn runtime() -> io::Result<Runtime> {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    Builder::new_multi_thread()
        .worker_threads(cores.clamp(2, DRAWING_THREADS))
        .max_blocking_threads(DOOR_THREADS)
        .thread_name("ssh")
        .enable_all()
        .build()
}

async fn run(
    session: &Session,
    args: &Serve,
    source: Source,
    limits: Limits,
    door: Door,
    host_key: PrivateKey,
) -> Result<(), Failure> {
    let terminal_options = TerminalOptions { links: args.links, clipboard: args.clipboard };
    let style = Style { lang: session.lang, terminal_options, screens: crate::tui::screens::all };
    let failed = |error: io::Error| Failure::io(&error, "serve", session.lang);
    let signals = Signals::catch().map_err(failed)?;
    let listener = listen(args.listen).map_err(|error| no_place(&error, args, session))?;
    let opening = spawn_blocking(move || {
        let book = Arc::new(door.clone());
        ServerState::open(door, book, limits, style, clock::now)
    });
    let server = match opening.await {
        Ok(server) => server.map_err(failed)?,
        Err(_) => return Err(StoreError::internal("the server could not be opened").into()),
    };
    let (state, folder, address) = (Arc::clone(&server), key_folder(args), args.listen);
    // An error is a panic that is logged, or the end of the runtime.
    let _ = spawn_blocking(move || remove_stale_sessions(&state, &folder, address)).await;
    let metrics = args.metrics.map(|address| serve_metrics(address, &server, session)).transpose()?;
    announce(session, &listener, &host_key, metrics.as_ref())?;
    let (stop, stopped) = watch::channel(false);
    let watching = tokio::spawn(signals.watch(Arc::clone(&server), source, stop));
    let alive = Arc::clone(&server);
    let heartbeat = tokio::spawn(service::heartbeat(move || alive.door().store().clone()));
    service::ready();
    serve_ssh(server, listener, host_key, stopped).await;
    drop(metrics);
    heartbeat.abort();
    watching.abort();
    session.out.line(&session.say("cli.result.served", &[]))
}

/// Removes the sessions of the process that served this address before. When that fails, they expire by themselves
/// when their heartbeats are missing.
fn remove_stale_sessions(server: &ServerState, folder: &Path, address: SocketAddr) {
    let gone = match predecessor::succeed(folder, address, &server.process) {
        Ok(gone) => gone,
        Err(error) => {
            tracing::warn!(event = "previous_process_unknown", %error);
            None
        }
    };
    if let Some(gone) = gone
        && let Err(error) = server.door().expire_process(server.clock.now(), &gone)
    {
        tracing::warn!(event = "stale_sessions_not_removed", kind = error.kind());
    }
}

/// Serves the metrics until the returned value is dropped.
fn serve_metrics(
    address: SocketAddr,
    server: &Arc<ServerState>,
    session: &Session,
) -> Result<Answerer, Failure> {
    // The server's state lives as long as its sessions, not as long as a metrics request.
    let server = Arc::downgrade(server);
    Answerer::start(address, move || server.upgrade().map(|server| page(&server)).unwrap_or_default())
        .map_err(|error| {
            if error.kind() == io::ErrorKind::InvalidInput {
                return Failure::usage("metrics_public", &address.to_string(), session.lang);
            }
            let what = format!("{address}: {}", because(&error, session.lang));
            Failure::usage("metrics_listen", &what, session.lang)
        })
}

/// Prints the address and the fingerprint of the host key.
fn announce(
    session: &Session,
    listener: &TcpListener,
    host_key: &PrivateKey,
    metrics: Option<&Answerer>,
) -> Result<(), Failure> {
    let address =
        listener.local_addr().map_err(|error| Failure::io(&error, "serve", session.lang))?.to_string();
    let print = Fingerprint::of(host_key.public_key());
    tracing::info!(event = "serving", address, host_key = %print);
    let metrics = metrics.map(|metrics| metrics.address().to_string());
    session.done(
        &serde_json::json!({
            "serving": {"listen": address, "fingerprint": print.as_str(), "metrics": metrics}
        }),
        &session.say("cli.result.serving", &[("address", &address), ("fingerprint", print.as_str())]),
    )
}

/// The signals that the server handles.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    reload: Signal,
}

impl Signals {
    fn catch() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            reload: signal(SignalKind::hangup())?,
        })
    }

    /// Reads the configuration anew on SIGHUP; ends with the order to stop.
    async fn watch(mut self, server: Arc<ServerState>, source: Source, stop: watch::Sender<bool>) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => break,
                _ = self.interrupt.recv() => break,
                _ = self.reload.recv() => reload(&server, &source).await,
            }
        }
        service::stopping();
        stop.send_replace(true);
    }
}

/// Why the configuration was not read again.
#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error("{}", .0.code())]
    Limits(Problem),
    #[error("{}", .0.kind())]
    Programme(Error),
}

/// Reads the limits again, and which version of the programme is in force. When one of them cannot be read or was
/// never checked, both stay as they were.
async fn reload(server: &Arc<ServerState>, source: &Source) {
    let (door, source) = (server.door(), source.clone());
    let again = spawn_blocking(move || {
        let limits = source.read().map_err(Unread::Limits)?;
        Ok((limits, door.refresh().map_err(Unread::Programme)?.version))
    });
    match again.await {
        Ok(Ok((limits, version))) => {
            raise_files(&limits);
            server.set_limits(limits);
            tracing::info!(event = "reloaded", sessions = limits.sessions, campaign = version);
        }
        Ok(Err(why)) => {
            let bound = if let Unread::Limits(Problem::Range { bound }) = &why { bound.name } else { "" };
            tracing::error!(event = "reload_failed", kind = %why, bound);
        }
        Err(_) => tracing::error!(event = "reload_failed", kind = "internal"),
    }
}

/// The host's key: fingerprint, and the line for `known_hosts`.
pub fn show_host_key(session: &Session, args: &HostKeyFile) -> Result<(), Failure> {
    let file = key_file(args.host_key.as_deref());
    let key = host_key::load(&file).map_err(|why| no_key(&why, &file, session))?;
    tell_key(session, &key, &file, "cli.result.host_key")
}

/// A new key for the host.
pub fn rotate_host_key(session: &Session, args: &HostKeyFile) -> Result<(), Failure> {
    let file = key_file(args.host_key.as_deref());
    let (old, key) = host_key::rotate(&file).map_err(|why| no_key(&why, &file, session))?;
    tracing::info!(event = "host_key_rotated", from = %old, to = %Fingerprint::of(key.public_key()));
    tell_key(session, &key, &file, "cli.result.host_key_rotated")
}

fn tell_key(session: &Session, key: &PrivateKey, file: &Path, sentence: &str) -> Result<(), Failure> {
    let print = Fingerprint::of(key.public_key());
    let line = key
        .public_key()
        .to_openssh()
        .map_err(|error| Failure::from(StoreError::internal(&error.to_string())))?;
    let shown = file.display().to_string();
    session.done(
        &serde_json::json!({"host_key": {"fingerprint": print.as_str(), "public_key": line, "file": shown}}),
        &session.say(sentence, &[("fingerprint", print.as_str()), ("line", &line), ("file", &shown)]),
    )
}

/// The folder of the host's key.
fn key_folder(args: &Serve) -> PathBuf {
    let file = key_file(args.host_key.as_deref());
    file.parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

fn key_file(named: Option<&Path>) -> PathBuf {
    named.map_or_else(paths::host_key, Path::to_path_buf)
}

fn no_key(why: &host_key::Problem, file: &Path, session: &Session) -> Failure {
    let shown = file.display().to_string();
    match why {
        host_key::Problem::Io(error) => Failure::io(error, &shown, session.lang),
        host_key::Problem::Exposed(mode) => {
            Failure::usage("host_key_exposed", &format!("{shown} ({mode:04o})"), session.lang)
        }
        host_key::Problem::Foreign(_) => Failure::usage("host_key_foreign", &shown, session.lang),
        host_key::Problem::Unusable => Failure::usage("host_key_unusable", &shown, session.lang),
    }
}

fn no_place(error: &io::Error, args: &Serve, session: &Session) -> Failure {
    let what = format!("{}: {}", args.listen, because(error, session.lang));
    Failure::usage("listen", &what, session.lang)
}
