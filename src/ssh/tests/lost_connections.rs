//! Lost connections: how their reason is reported, and what becomes of an open call.

use super::screens::faucet;
use super::*;
use crate::usecase::fixture::{claim, hotline_in_memory, number};
use std::future::pending;
use tokio::io::{AsyncWriteExt, DuplexStream, copy, duplex, split};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

/// The real screens over the hotline, in which Lan calls the first customer of the list.
fn calling(limits: Limits) -> TestServer {
    let door = hotline_in_memory();
    claim(&door, "lan", now());
    let style = Style {
        lang: Lang::En,
        terminal_options: TerminalOptions::default(),
        screens: crate::tui::screens::all,
    };
    TestServer::over(door, limits, style)
}

/// Milliseconds from now for which Lan holds the customer.
fn held_ms(host: &TestServer) -> i64 {
    let until = number(&host.state.door(), "SELECT lease_until FROM matter WHERE lease_staff = 'lan'");
    Timestamp(until).since(now())
}

/// How sessions ended so far.
fn ended(host: &TestServer) -> Vec<(&'static str, u64)> {
    host.state.count.ended.read()
}

/// A connection to `address` on which a third party can write to the host.
async fn tampered(address: SocketAddr) -> (DuplexStream, oneshot::Sender<Vec<u8>>) {
    let (client, near) = duplex(1 << 16);
    let (mut from_host, mut to_host) = TcpStream::connect(address).await.unwrap().into_split();
    let (mut from_client, mut to_client) = split(near);
    let (tamper, injected) = oneshot::channel::<Vec<u8>>();
    tokio::spawn(async move { copy(&mut from_host, &mut to_client).await });
    tokio::spawn(async move {
        tokio::select! {
            _ = copy(&mut from_client, &mut to_host) => return,
            Ok(bytes) = injected => to_host.write_all(&bytes).await.unwrap(),
        }
        // The line stays open, so that its own end is not what ends the session.
        pending::<()>().await;
    });
    (client, tamper)
}

#[tokio::test]
async fn a_broken_protocol_is_distinguished_from_a_lost_line() {
    let log = Log::capture();
    let host = TestServer::open(Limits::default());
    let (stream, tamper) = tampered(host.address).await;
    let config = Arc::new(client::Config::default());
    let mut handle = client::connect_stream(config, stream, Trusting).await.unwrap();
    assert!(prove(&mut handle, &host.lan).await);
    let mut lan = Client::open(handle, "xterm-256color", 80, 24).await;
    lan.sees("[lan agent]").await;
    tamper.send(vec![0xff; 64]).unwrap();
    host.state.registry.emptied().await;
    assert_eq!(ended(&host), [("protocol", 1)]);

    let mut ha = host.open_screen(&host.ha).await;
    ha.sees("[ha supervisor]").await;
    drop(ha);
    host.state.registry.emptied().await;
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    lan.to_host.close().await.unwrap();
    host.state.registry.emptied().await;
    assert_eq!(ended(&host), [("lost", 2), ("protocol", 1)]);
    let reasons: Vec<_> = log.of("event", "session_end").iter().map(|line| line["why"].clone()).collect();
    assert_eq!(reasons, ["protocol", "lost", "lost"]);
}

#[tokio::test]
async fn a_client_that_dies_with_an_open_call_gives_the_customer_back_within_two_minutes() {
    let limits = Limits { keepalive: Duration::from_millis(100), keepalives: 2, ..Limits::default() };
    let host = calling(limits);
    let whole = held_ms(&host);
    assert!(whole > 120_000, "{whole}");
    let (stream, tap) = faucet(host.address).await;
    let config = Arc::new(client::Config::default());
    let mut handle = client::connect_stream(config, stream, Trusting).await.unwrap();
    assert!(prove(&mut handle, &host.lan).await);
    let mut lan = Client::open(handle, "xterm-256color", 80, 24).await;
    lan.sees("Nguyễn Văn Hùng").await;
    assert_eq!(held_ms(&host), whole);
    // Nothing reaches the client any more and nothing comes from it, as after a power cut.
    tap.send_replace(false);
    timeout(PATIENCE, host.state.registry.emptied()).await.expect("a dead client is never noticed");
    assert_eq!(ended(&host), [("lost", 1)]);
    assert_eq!(held_ms(&host), 120_000);
}

#[tokio::test]
async fn an_agent_with_another_session_keeps_the_customer() {
    let host = calling(Limits::default());
    let whole = held_ms(&host);
    let mut first = host.open_screen(&host.lan).await;
    first.sees("Nguyễn Văn Hùng").await;
    let mut second = host.open_screen(&host.lan).await;
    second.sees("Nguyễn Văn Hùng").await;
    drop(first);
    let gone = timeout(PATIENCE, async {
        while host.state.registry.present().len() > 1 {
            tokio::task::yield_now().await;
        }
    });
    gone.await.expect("never noticed");
    assert_eq!(held_ms(&host), whole);
    drop(second);
    host.state.registry.emptied().await;
    assert_eq!(held_ms(&host), 120_000, "the last session was lost");
}

#[tokio::test]
async fn a_number_pasted_without_brackets_into_a_call_is_looked_up_and_records_nothing() {
    let host = calling(Limits::default());
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("Nguyễn Văn Hùng").await;
    lan.type_in(b"0912345678").await;
    lan.sees("0912 345 678").await;
    let recorded = number(&host.state.door(), "SELECT COUNT(*) FROM call");
    assert_eq!(recorded, 0);
    assert!(held_ms(&host) > 0, "the call is still open");
    drop(lan);
}
