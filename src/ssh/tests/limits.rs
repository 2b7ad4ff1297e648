//! Times and counts.

use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// Reads until the other side closes; how long that took.
async fn closed(stream: &mut TcpStream) -> Duration {
    let start = Instant::now();
    let mut all = Vec::new();
    // A reset is an end like any other.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut all)).await.expect("left open");
    start.elapsed()
}

#[tokio::test]
async fn a_silent_or_dripping_connection_ends_with_the_login_time() {
    let limits = Limits { login: Duration::from_millis(300), ..Limits::default() };
    let host = TestServer::open(limits);
    let mut silent = TcpStream::connect(host.address).await.unwrap();
    let slow = TcpStream::connect(host.address).await.unwrap();
    let (mut slow_in, mut slow_out) = slow.into_split();
    let dripping = tokio::spawn(async move {
        let mut pace = tokio::time::interval(Duration::from_millis(20));
        for byte in b"SSH-2.0-slow".iter().cycle() {
            pace.tick().await;
            if slow_out.write_all(&[*byte]).await.is_err() {
                return;
            }
        }
    });
    assert!(closed(&mut silent).await < Duration::from_secs(3));
    let mut all = Vec::new();
    let _ = timeout(PATIENCE, slow_in.read_to_end(&mut all)).await.expect("left open");
    timeout(PATIENCE, dripping).await.expect("left open").unwrap();
    // After the key exchange the same time runs on.
    let handle = host.connect().await;
    let gone = timeout(PATIENCE, async {
        while !handle.is_closed() {
            tokio::task::yield_now().await;
        }
    });
    assert!(gone.await.is_ok());
    host.emptied().await;
}

#[tokio::test]
async fn what_is_not_ssh_is_closed_soon() {
    let limits = Limits { login: Duration::from_secs(1), ..Limits::default() };
    let host = TestServer::open(limits);
    for garbage in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0xff; 4096], b"SSH-1.0-old\r\n", &[b'x'; 300]] {
        let mut stream = TcpStream::connect(host.address).await.unwrap();
        // It may close before everything is written.
        let _ = stream.write_all(garbage).await;
        assert!(closed(&mut stream).await < Duration::from_secs(3));
    }
    for packet in [[0xff; 4], [0, 0, 0, 0], [0, 4, 0, 17]] {
        let mut stream = TcpStream::connect(host.address).await.unwrap();
        stream.write_all(b"SSH-2.0-rough\r\n").await.unwrap();
        let _ = stream.write_all(&packet.repeat(1000)).await;
        assert!(closed(&mut stream).await < Duration::from_secs(3), "{packet:?}");
    }
    host.open_screen(&host.lan).await.sees("[lan agent]").await;
}

#[tokio::test]
async fn many_silent_connections_do_not_keep_users_out() {
    let limits = Limits { unauthenticated: 20, unauthenticated_per_address: 20, ..Limits::default() };
    let host = TestServer::open(limits);
    let mut crowd = Vec::new();
    for _ in 0..200 {
        crowd.push(TcpStream::connect(host.address).await.unwrap());
    }
    let start = Instant::now();
    host.open_screen(&host.lan).await.sees("[lan agent]").await;
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    assert!(host.state.gate.counts().0 <= 20);
}

#[tokio::test]
async fn an_address_that_comes_too_fast_is_turned_away_until_time_has_paid() {
    let limits = Limits { connections_at_once: 5, connections_per_second: 10, ..Limits::default() };
    let host = TestServer::open(limits);
    let mut crowd = Vec::new();
    for _ in 0..50 {
        crowd.push(TcpStream::connect(host.address).await.unwrap());
    }
    let last = crowd.last_mut().unwrap();
    let mut received = Vec::new();
    // A reset is an end like any other.
    let _ = timeout(PATIENCE, last.read_to_end(&mut received)).await.expect("left open");
    assert_eq!(received, b"", "a connection that is turned away gets no answer");
    let too_fast = || host.state.count.refused.read().into_iter().find(|(why, _)| *why == "too_fast");
    assert!(too_fast().is_some_and(|(_, count)| count >= 40), "{:?}", too_fast());
    let admitted = timeout(PATIENCE, async {
        loop {
            let mut stream = TcpStream::connect(host.address).await.unwrap();
            if stream.read_u8().await.is_ok() {
                return;
            }
        }
    });
    assert!(admitted.await.is_ok(), "a client that tries again is admitted");
}

#[tokio::test]
async fn an_authenticated_user_must_open_a_session() {
    let limits = Limits { settle: Duration::from_millis(200), ..Limits::default() };
    let host = TestServer::open(limits);
    let handle = host.login(&host.lan).await;
    let gone = timeout(PATIENCE, async {
        while !handle.is_closed() {
            tokio::task::yield_now().await;
        }
    });
    assert!(gone.await.is_ok());
    host.emptied().await;
}

#[tokio::test]
async fn a_key_has_so_many_sessions_and_no_more() {
    let limits = Limits { sessions_per_key: 1, ..Limits::default() };
    let host = TestServer::open(limits);
    let mut first = host.open_screen(&host.lan).await;
    first.sees("[lan agent]").await;
    let mut second = host.open_screen(&host.lan).await;
    assert_eq!(second.closed().await, Some(4));
    assert!(second.stderr.contains("all the sessions it may have"), "{}", second.stderr);
    host.open_screen(&host.ha).await.sees("[ha supervisor]").await;
    first.type_in(b"\x11").await;
    assert_eq!(first.closed().await, Some(0));
    host.state.registry.emptied().await;
    host.open_screen(&host.lan).await.sees("[lan agent]").await;
}

#[tokio::test]
async fn a_session_lasts_as_long_as_it_may() {
    let limits = Limits { session: Duration::from_millis(300), ..Limits::default() };
    let host = TestServer::open(limits);
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    assert_eq!(lan.closed().await, Some(0));
    assert!(String::from_utf8_lossy(&lan.all).contains("as long as it may"));
}
