//! Accepts connections, enforces their time limits, and stops the server in order.

use super::algorithms;
use super::close_reason::{CloseReason, ConnectionError};
use super::connection::{Connection, Phase};
use super::heartbeat;
use super::line::Line;
use super::registry::{EndReason, Order};
use super::server_state::ServerState;
use russh::Disconnect;
use russh::keys::PrivateKey;
use russh::server::{Config, run_stream};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep, sleep_until, timeout, timeout_at};

/// After its session a client has this long to close the connection by itself.
const HANG_UP: Duration = Duration::from_secs(2);
/// How long a disconnect message may take before the connection is cut.
const DISCONNECT: Duration = Duration::from_millis(500);
/// Pause after a connection could not be accepted (no descriptors left).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Bytes that the system may hold for a client.
const SEND_BUFFER: u32 = 64 * 1024;
/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;

/// Serves until `stop` becomes true; then ends every session, waits for their writes, and returns.
pub async fn serve(
    server: Arc<ServerState>,
    listener: TcpListener,
    host_key: PrivateKey,
    mut stop: watch::Receiver<bool>,
) {
    let mut bounds = server.watch_limits();
    let mut config = Arc::new(algorithms::config(host_key.clone(), &bounds.borrow_and_update()));
    let rechecking = tokio::spawn(recheck_keys(Arc::clone(&server)));
    let beating = tokio::spawn(heartbeat::run(Arc::clone(&server)));
    loop {
        tokio::select! {
            () = ordered(&mut stop) => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => {
                    // An error: the server has stopped, and no limits are needed.
                    if bounds.has_changed().unwrap_or(false) {
                        config = Arc::new(algorithms::config(host_key.clone(), &bounds.borrow_and_update()));
                    }
                    tokio::spawn(serve_connection(Arc::clone(&server), Arc::clone(&config), stream, from));
                }
                Err(error) => {
                    tracing::warn!(event = "accept_failed", %error);
                    sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    rechecking.abort();
    tracing::info!(event = "stopping", sessions = server.registry.present().len());
    server.gate.cut_unauthenticated();
    server.registry.order_all(&Order::End(EndReason::Stopping));
    let emptied = timeout(server.limits().stop + HANG_UP, server.registry.emptied()).await;
    beating.abort();
    if emptied.is_err() {
        tracing::warn!(event = "sessions_cut_off", sessions = server.registry.present().len());
        server.registry.cut_all();
    }
    tracing::info!(event = "stopped");
}

/// Serves one connection from its first byte to its last.
async fn serve_connection(
    server: Arc<ServerState>,
    config: Arc<Config>,
    stream: TcpStream,
    from: SocketAddr,
) {
    // Without it frames wait for the client's acknowledgements; a socket that refuses it works all the same.
    let _ = stream.set_nodelay(true);
    let limits = server.limits();
    let (line, wire) = Line::new(stream, limits.bytes_per_second, limits.burst);
    let login_slot = match server.gate.login_slot(from.ip(), &wire) {
        Ok(slot) => slot,
        Err(rejected) => return server.count.refused.add(rejected.code()),
    };
    tracing::debug!(event = "connect", %from);
    let (connection, mut phase, close_signal) =
        Connection::new(Arc::clone(&server), Arc::clone(&limits), from, Arc::clone(&wire), login_slot);
    let mut until = Instant::now() + limits.login;
    let mut session = match timeout_at(until, run_stream(config, line, connection)).await {
        Ok(Ok(session)) => session,
        Ok(Err(trouble)) => return ended(&server, from, Phase::Unauthenticated, &Err(trouble)),
        Err(_) => return overdue(&server, from, EndReason::LoginTime),
    };
    let handle = session.handle();
    let outcome = loop {
        let at = *phase.borrow_and_update();
        tokio::select! {
            outcome = &mut session => break outcome,
            changed = phase.changed() => {
                let wait = match *phase.borrow() {
                    // A session ends by itself; this is for one that does not.
                    Phase::InSession => limits.session + limits.stop + HANG_UP,
                    Phase::Authenticated => limits.settle,
                    Phase::Unauthenticated | Phase::Over => HANG_UP,
                };
                until = Instant::now() + wait;
                if changed.is_err() {
                    break (&mut session).await;
                }
            }
            () = sleep_until(until) => {
                if at != Phase::Over {
                    overdue(&server, from, if at == Phase::Unauthenticated { EndReason::LoginTime } else { EndReason::SettleTime });
                }
                let disconnecting = handle.disconnect(Disconnect::ByApplication, "time is up".to_owned(), String::new());
                // A client that does not answer is cut off all the same.
                if let Ok(Ok(())) = timeout(DISCONNECT, disconnecting).await {
                    let _ = timeout(DISCONNECT, &mut session).await;
                }
                wire.cut();
                return;
            }
        }
    };
    close_signal.set(outcome.as_ref().map_or_else(ConnectionError::close_reason, |()| CloseReason::Closed));
    let at = *phase.borrow();
    ended(&server, from, at, &outcome);
}

fn overdue(server: &ServerState, from: SocketAddr, why: EndReason) {
    server.count.refused.add(why.code());
    if !server.log_limit.allows_line() {
        return;
    }
    tracing::info!(event = "disconnect", %from, why = why.code());
}

/// Logs the end of a connection without a session; a session logs its own end.
fn ended(server: &ServerState, from: SocketAddr, at: Phase, outcome: &Result<(), ConnectionError>) {
    if matches!(at, Phase::InSession | Phase::Over) {
        return;
    }
    server.count.refuse(outcome);
    if !server.log_limit.allows_line() {
        return;
    }
    match outcome {
        Ok(()) => tracing::info!(event = "disconnect", %from, why = "lost"),
        Err(error) => {
            let why = if error.close_reason() == CloseReason::Broken { "protocol" } else { "lost" };
            tracing::info!(event = "disconnect", %from, why, %error);
        }
    }
}

/// Ends sessions whose key was removed, and logs now and then how many connections were turned away.
async fn recheck_keys(server: Arc<ServerState>) {
    let mut ticks = every(server.limits().recheck);
    loop {
        ticks.tick().await;
        let period = server.limits().recheck;
        if ticks.period() != period {
            ticks = every(period);
            // An interval's first tick comes at once.
            ticks.tick().await;
        }
        let (turned_away, lines_left_out) = (server.gate.take_turned_away(), server.log_limit.next_period());
        if turned_away > 0 || lines_left_out > 0 {
            tracing::warn!(event = "connections_turned_away", turned_away, lines_left_out);
        }
        let state = Arc::clone(&server);
        // An error is a panic that is logged, or the end of the runtime.
        let _ = spawn_blocking(move || recheck(&state)).await;
    }
}

fn every(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Looks up every key that has a session. When the lookup fails, nothing changes.
fn recheck(server: &ServerState) {
    let sessions = server.registry.present();
    let mut keys: Vec<_> = sessions.iter().map(|session| session.key.clone()).collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        return;
    }
    let Ok(known) = server.book.whose_all(&keys) else { return };
    for session in sessions {
        let same = known.get(&session.key).is_some_and(|now| {
            (&now.staff, now.role, now.doctor)
                == (&session.actor.staff, session.actor.role, session.actor.doctor)
        });
        if !same {
            server.registry.order(session.id, Order::End(EndReason::KeyGone));
        }
    }
}

/// Waits for the order to stop.
async fn ordered(stop: &mut watch::Receiver<bool>) {
    // An error: the sender is gone, so the server stops.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Binds `address`. What the system holds back for a client that takes nothing is bounded here, because accepted
/// connections inherit it: a client that comes back sees the newest frame and not minutes of old ones.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
