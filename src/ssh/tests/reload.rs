//! Bounds that change while people work.

use super::*;

/// What the client is told whose key is not known; none when the connection is over.
async fn tries(handle: &mut client::Handle<Trusting>) -> Option<bool> {
    let key = PrivateKeyWithHashAlg::new(new_key(), None);
    handle.authenticate_publickey("whoever", key).await.ok().map(|outcome| outcome.success())
}

#[tokio::test]
async fn more_sessions_are_let_in_at_once_and_fewer_send_nobody_away() {
    let before = Limits { sessions_per_key: 1, ..Limits::default() };
    let ground = Ground::open(before);
    let mut first = ground.sit(&ground.lan).await;
    first.sees("[lan agent]").await;
    assert_eq!(ground.sit(&ground.lan).await.closed().await, Some(4));
    ground.house.rebound(Limits { sessions_per_key: 2, ..before });
    let mut second = ground.sit(&ground.lan).await;
    second.sees("You have the screens open elsewhere").await;
    second.type_in(b"\x1b").await;
    ground.house.rebound(Limits { sessions: 1, ..before });
    assert_eq!(ground.sit(&ground.ha).await.closed().await, Some(4));
    for seated in [&mut first, &mut second] {
        seated.type_in(b"o day").await;
        seated.sees("o day").await;
    }
}

#[tokio::test]
async fn the_protocol_has_the_new_bounds_from_the_next_connection_on() {
    let before = Limits { refusal: Duration::from_millis(1), attempts: 3, ..Limits::default() };
    let ground = Ground::open(before);
    let mut old = ground.connect().await;
    ground.house.rebound(Limits { attempts: 1, ..before });
    let mut new = ground.connect().await;
    assert_eq!(tries(&mut new).await, Some(false));
    assert_ne!(tries(&mut new).await, Some(true));
    assert!(!prove_gone(&mut new, &ground.lan).await, "one attempt and no more");
    assert_eq!(tries(&mut old).await, Some(false));
    assert_eq!(tries(&mut old).await, Some(false));
    assert!(prove(&mut old, &ground.lan).await, "who came before has three");
}

/// Whether `key` still opens a connection that may be over.
async fn prove_gone(handle: &mut client::Handle<Trusting>, key: &Arc<PrivateKey>) -> bool {
    let key = PrivateKeyWithHashAlg::new(Arc::clone(key), None);
    handle.authenticate_publickey("whoever", key).await.is_ok_and(|outcome| outcome.success())
}

#[tokio::test]
async fn an_idle_lock_reaches_screens_that_are_open() {
    let ground = Ground::open(Limits::default());
    let mut lan = ground.sit(&ground.lan).await;
    lan.sees("[lan agent]").await;
    lan.type_in(b"rieng tu").await;
    lan.sees("rieng tu").await;
    ground.house.rebound(Limits { idle_lock: Some(Duration::ZERO), ..Limits::default() });
    lan.sees("Locked").await;
    assert!(!lan.screen.screen().contents().contains("rieng tu"));
}
