//! Accepts connections, gives each its time, and stops the house in order.

use super::algorithms;
use super::house::House;
use super::line::Line;
use super::parting::{Parted, Trouble};
use super::pulse;
use super::roll::{Order, Why};
use super::visitor::{Phase, Visitor};
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

/// A closed screen's client has this long to hang up by itself.
const HANG_UP: Duration = Duration::from_secs(2);
/// A client that is told to go has this long to hear it.
const LAST_WORD: Duration = Duration::from_millis(500);
/// Pause after a connection could not be accepted (no descriptors left).
const BREATH: Duration = Duration::from_millis(50);

/// Bytes that the system may hold for a client.
const SEND_BUFFER: u32 = 64 * 1024;
/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;

/// Serves until `stop` becomes true; then tells every session, waits for their writes, and returns.
pub async fn serve(
    house: Arc<House>,
    listener: TcpListener,
    host_key: PrivateKey,
    mut stop: watch::Receiver<bool>,
) {
    let mut bounds = house.bounds();
    let mut config = Arc::new(algorithms::config(host_key.clone(), &bounds.borrow_and_update()));
    let keeping = tokio::spawn(keep(Arc::clone(&house)));
    let beating = tokio::spawn(pulse::beat(Arc::clone(&house)));
    loop {
        tokio::select! {
            () = ordered(&mut stop) => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => {
                    // An error: the house is gone, and so is the need.
                    if bounds.has_changed().unwrap_or(false) {
                        config = Arc::new(algorithms::config(host_key.clone(), &bounds.borrow_and_update()));
                    }
                    tokio::spawn(attend(Arc::clone(&house), Arc::clone(&config), stream, from));
                }
                Err(error) => {
                    tracing::warn!(event = "accept_failed", %error);
                    sleep(BREATH).await;
                }
            },
        }
    }
    drop(listener);
    keeping.abort();
    tracing::info!(event = "stopping", sessions = house.roll.present().len());
    house.gate.clear_strangers();
    house.roll.order_all(&Order::End(Why::Stopping));
    let emptied = timeout(house.limits().stop + HANG_UP, house.roll.emptied()).await;
    beating.abort();
    if emptied.is_err() {
        tracing::warn!(event = "stopped_hard", sessions = house.roll.present().len());
        house.roll.cut_all();
    }
    tracing::info!(event = "stopped");
}

/// One connection from its first byte to its last.
async fn attend(house: Arc<House>, config: Arc<Config>, stream: TcpStream, from: SocketAddr) {
    // Without it frames wait for the client's acknowledgements; a socket that refuses it works all the same.
    let _ = stream.set_nodelay(true);
    let limits = house.limits();
    let (line, wire) = Line::new(stream, limits.bytes_per_second, limits.burst);
    let knock = match house.gate.knock(from.ip(), &wire) {
        Ok(knock) => knock,
        Err(away) => return house.count.refused.add(away.code()),
    };
    tracing::debug!(event = "connect", %from);
    let (visitor, mut phase, parting) =
        Visitor::new(Arc::clone(&house), Arc::clone(&limits), from, Arc::clone(&wire), knock);
    let mut until = Instant::now() + limits.login;
    let mut session = match timeout_at(until, run_stream(config, line, visitor)).await {
        Ok(Ok(session)) => session,
        Ok(Err(trouble)) => return ended(&house, from, Phase::Stranger, &Err(trouble)),
        Err(_) => return overdue(&house, from, Why::LoginTime),
    };
    let handle = session.handle();
    let outcome = loop {
        let at = *phase.borrow_and_update();
        tokio::select! {
            outcome = &mut session => break outcome,
            changed = phase.changed() => {
                let wait = match *phase.borrow() {
                    // The session ends itself; this is for one that does not.
                    Phase::Seated => limits.session + limits.stop + HANG_UP,
                    Phase::Known => limits.settle,
                    Phase::Stranger | Phase::Over => HANG_UP,
                };
                until = Instant::now() + wait;
                if changed.is_err() {
                    break (&mut session).await;
                }
            }
            () = sleep_until(until) => {
                if at != Phase::Over {
                    overdue(&house, from, if at == Phase::Stranger { Why::LoginTime } else { Why::SettleTime });
                }
                let told = handle.disconnect(Disconnect::ByApplication, "time is up".to_owned(), String::new());
                // Whoever does not hear it is cut off all the same.
                if let Ok(Ok(())) = timeout(LAST_WORD, told).await {
                    let _ = timeout(LAST_WORD, &mut session).await;
                }
                wire.cut();
                return;
            }
        }
    };
    parting.tell(outcome.as_ref().map_or_else(Trouble::parted, |()| Parted::Closed));
    let at = *phase.borrow();
    ended(&house, from, at, &outcome);
}

fn overdue(house: &House, from: SocketAddr, why: Why) {
    house.count.refused.add(why.code());
    if !house.chatter.may_speak() {
        return;
    }
    tracing::info!(event = "disconnect", %from, why = why.code());
}

/// Logs the end of a connection that had no session; those that had one log their own.
fn ended(house: &House, from: SocketAddr, at: Phase, outcome: &Result<(), Trouble>) {
    if matches!(at, Phase::Seated | Phase::Over) {
        return;
    }
    house.count.refuse(outcome);
    if !house.chatter.may_speak() {
        return;
    }
    match outcome {
        Ok(()) => tracing::info!(event = "disconnect", %from, why = "lost"),
        Err(error) => {
            let why = if error.parted() == Parted::Broken { "protocol" } else { "lost" };
            tracing::info!(event = "disconnect", %from, why, %error);
        }
    }
}

/// Ends sessions whose key is gone, and says once in a while how many were turned away.
async fn keep(house: Arc<House>) {
    let mut turn = every(house.limits().recheck);
    loop {
        turn.tick().await;
        let period = house.limits().recheck;
        if turn.period() != period {
            turn = every(period);
            // The first turn of a new pace is this one.
            turn.tick().await;
        }
        let (turned_away, unsaid) = (house.gate.take_turned_away(), house.chatter.turn());
        if turned_away > 0 || unsaid > 0 {
            tracing::warn!(event = "crowd", turned_away, lines_left_out = unsaid);
        }
        let asked = Arc::clone(&house);
        // An error is a panic that is logged, or the end of the runtime.
        let _ = spawn_blocking(move || recheck(&asked)).await;
    }
}

fn every(period: Duration) -> Interval {
    let mut turn = interval(period);
    turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
    turn
}

/// Asks the book again about every key that is here. A book that cannot answer changes nothing.
fn recheck(house: &House) {
    let here = house.roll.present();
    let mut keys: Vec<_> = here.iter().map(|present| present.key.clone()).collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.is_empty() {
        return;
    }
    let Ok(known) = house.book.whose_all(&keys) else { return };
    for present in here {
        let same = known.get(&present.key).is_some_and(|now| {
            (&now.staff, now.role, now.doctor)
                == (&present.actor.staff, present.actor.role, present.actor.doctor)
        });
        if !same {
            house.roll.order(present.id, Order::End(Why::KeyGone));
        }
    }
}

/// Waits for the order to stop.
async fn ordered(stop: &mut watch::Receiver<bool>) {
    // An error: nobody is left who could give it.
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
