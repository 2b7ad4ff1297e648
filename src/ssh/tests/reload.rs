//! Limits that change while sessions run.

use super::*;

/// The server's answer to an unknown key; none when the connection has ended.
async fn tries(handle: &mut client::Handle<Trusting>) -> Option<bool> {
    let key = PrivateKeyWithHashAlg::new(new_key(), None);
    handle.authenticate_publickey("anyone", key).await.ok().map(|outcome| outcome.success())
}

#[tokio::test]
async fn more_sessions_are_let_in_at_once_and_fewer_send_nobody_away() {
    let before = Limits { sessions_per_key: 1, ..Limits::default() };
    let host = TestServer::open(before);
    let mut first = host.open_screen(&host.lan).await;
    first.sees("[lan agent]").await;
    assert_eq!(host.open_screen(&host.lan).await.closed().await, Some(4));
    host.state.set_limits(Limits { sessions_per_key: 2, ..before });
    let mut second = host.open_screen(&host.lan).await;
    second.sees("You have the screens open elsewhere").await;
    second.type_in(b"\x1b").await;
    host.state.set_limits(Limits { sessions: 1, ..before });
    assert_eq!(host.open_screen(&host.ha).await.closed().await, Some(4));
    for client in [&mut first, &mut second] {
        client.type_in(b"o day").await;
        client.sees("o day").await;
    }
}

#[tokio::test]
async fn the_protocol_has_the_new_bounds_from_the_next_connection_on() {
    let before = Limits { refusal: Duration::from_millis(1), attempts: 3, ..Limits::default() };
    let host = TestServer::open(before);
    let mut old = host.connect().await;
    host.state.set_limits(Limits { attempts: 1, ..before });
    let mut new = host.connect().await;
    assert_eq!(tries(&mut new).await, Some(false));
    assert_ne!(tries(&mut new).await, Some(true));
    assert!(!prove_gone(&mut new, &host.lan).await, "one attempt and no more");
    assert_eq!(tries(&mut old).await, Some(false));
    assert_eq!(tries(&mut old).await, Some(false));
    assert!(prove(&mut old, &host.lan).await, "an older connection has three");
}

/// Whether `key` still opens a connection that may be over.
async fn prove_gone(handle: &mut client::Handle<Trusting>, key: &Arc<PrivateKey>) -> bool {
    let key = PrivateKeyWithHashAlg::new(Arc::clone(key), None);
    handle.authenticate_publickey("anyone", key).await.is_ok_and(|outcome| outcome.success())
}

#[tokio::test]
async fn an_idle_lock_reaches_screens_that_are_open() {
    let host = TestServer::open(Limits::default());
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    lan.type_in(b"rieng tu").await;
    lan.sees("rieng tu").await;
    host.state.set_limits(Limits { idle_lock: Some(Duration::ZERO), ..Limits::default() });
    lan.sees("Locked").await;
    assert!(!lan.screen.screen().contents().contains("rieng tu"));
}
