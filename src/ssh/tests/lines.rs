//! Lines that end: how that is told, and what becomes of an open call.

use super::screens::faucet;
use super::*;
use crate::usecase::fixture::{claim, hotline_in_memory, number};
use std::future::pending;
use tokio::io::{AsyncWriteExt, DuplexStream, copy, duplex, split};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

/// The real screens over the hotline, in which Lan calls the first customer of the list.
fn calling(limits: Limits) -> Ground {
    let door = hotline_in_memory();
    claim(&door, "lan", now());
    let style = Style { lang: Lang::En, manners: Manners::default(), desks: crate::tui::screens::desks };
    Ground::over(door, limits, style)
}

/// Milliseconds from now for which Lan holds the customer.
fn held_ms(ground: &Ground) -> i64 {
    let until = number(&ground.house.door(), "SELECT lease_until FROM matter WHERE lease_staff = 'lan'");
    Timestamp(until).since(now())
}

/// How sessions ended so far.
fn ended(ground: &Ground) -> Vec<(&'static str, u64)> {
    ground.house.count.ended.read()
}

/// A connection to `address` on which somebody in between can write to the host.
async fn meddled(address: SocketAddr) -> (DuplexStream, oneshot::Sender<Vec<u8>>) {
    let (client, near) = duplex(1 << 16);
    let (mut from_host, mut to_host) = TcpStream::connect(address).await.unwrap().into_split();
    let (mut from_client, mut to_client) = split(near);
    let (meddle, said) = oneshot::channel::<Vec<u8>>();
    tokio::spawn(async move { copy(&mut from_host, &mut to_client).await });
    tokio::spawn(async move {
        tokio::select! {
            _ = copy(&mut from_client, &mut to_host) => return,
            Ok(bytes) = said => to_host.write_all(&bytes).await.unwrap(),
        }
        // The line stays open: whatever ends it is not its end.
        pending::<()>().await;
    });
    (client, meddle)
}

#[tokio::test]
async fn a_broken_protocol_is_told_from_a_lost_line() {
    let log = Log::listen();
    let ground = Ground::open(Limits::default());
    let (stream, meddle) = meddled(ground.address).await;
    let config = Arc::new(client::Config::default());
    let mut handle = client::connect_stream(config, stream, Trusting).await.unwrap();
    assert!(prove(&mut handle, &ground.lan).await);
    let mut lan = Seated::open(handle, "xterm-256color", 80, 24).await;
    lan.sees("[lan agent]").await;
    meddle.send(vec![0xff; 64]).unwrap();
    ground.house.roll.emptied().await;
    assert_eq!(ended(&ground), [("protocol", 1)]);

    let mut ha = ground.sit(&ground.ha).await;
    ha.sees("[ha supervisor]").await;
    drop(ha);
    ground.house.roll.emptied().await;
    let mut lan = ground.sit(&ground.lan).await;
    lan.sees("[lan agent]").await;
    lan.to_host.close().await.unwrap();
    ground.house.roll.emptied().await;
    assert_eq!(ended(&ground), [("lost", 2), ("protocol", 1)]);
    let told: Vec<_> = log.of("event", "session_end").iter().map(|line| line["why"].clone()).collect();
    assert_eq!(told, ["protocol", "lost", "lost"]);
}

#[tokio::test]
async fn a_client_that_dies_with_an_open_call_gives_the_customer_back_within_two_minutes() {
    let limits = Limits { keepalive: Duration::from_millis(100), keepalives: 2, ..Limits::default() };
    let ground = calling(limits);
    let whole = held_ms(&ground);
    assert!(whole > 120_000, "{whole}");
    let (stream, tap) = faucet(ground.address).await;
    let config = Arc::new(client::Config::default());
    let mut handle = client::connect_stream(config, stream, Trusting).await.unwrap();
    assert!(prove(&mut handle, &ground.lan).await);
    let mut lan = Seated::open(handle, "xterm-256color", 80, 24).await;
    lan.sees("Nguyễn Văn Hùng").await;
    assert_eq!(held_ms(&ground), whole);
    // Nothing reaches the client any more, and it says nothing more: its machine lost its power.
    tap.send_replace(false);
    timeout(PATIENCE, ground.house.roll.emptied()).await.expect("a dead client is never noticed");
    assert_eq!(ended(&ground), [("lost", 1)]);
    assert_eq!(held_ms(&ground), 120_000);
}

#[tokio::test]
async fn whoever_sits_at_another_desk_keeps_the_customer() {
    let ground = calling(Limits::default());
    let whole = held_ms(&ground);
    let mut first = ground.sit(&ground.lan).await;
    first.sees("Nguyễn Văn Hùng").await;
    let mut second = ground.sit(&ground.lan).await;
    second.sees("Nguyễn Văn Hùng").await;
    drop(first);
    let gone = timeout(PATIENCE, async {
        while ground.house.roll.present().len() > 1 {
            tokio::task::yield_now().await;
        }
    });
    gone.await.expect("never noticed");
    assert_eq!(held_ms(&ground), whole);
    drop(second);
    ground.house.roll.emptied().await;
    assert_eq!(held_ms(&ground), 120_000, "the last desk was left");
}

#[tokio::test]
async fn a_number_pasted_without_brackets_into_a_call_is_looked_up_and_records_nothing() {
    let ground = calling(Limits::default());
    let mut lan = ground.sit(&ground.lan).await;
    lan.sees("Nguyễn Văn Hùng").await;
    lan.type_in(b"0912345678").await;
    lan.sees("0912 345 678").await;
    let recorded = number(&ground.house.door(), "SELECT COUNT(*) FROM call");
    assert_eq!(recorded, 0);
    assert!(held_ms(&ground) > 0, "the call is still open");
    drop(lan);
}
