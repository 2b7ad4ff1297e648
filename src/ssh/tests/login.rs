//! Authentication: which clients get a session, and as which actor.

use super::*;
use russh::keys::agent::AgentIdentity;
use russh::keys::{EcdsaCurve, HashAlg};
use russh::{SendError, Signer};

#[tokio::test]
async fn the_key_decides_the_actor_and_the_user_name_does_not() {
    let host = TestServer::open(Limits::default());
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    let mut ha = host.open_screen(&host.ha).await;
    ha.sees("[ha supervisor]").await;
    let here: Vec<_> = host.state.registry.present().iter().map(|p| p.actor.staff.to_string()).collect();
    assert_eq!(here, ["lan", "ha"]);
    assert!(host.state.registry.present()[0].presence.bytes.0 > 0);
}

/// Holds no key and signs nothing.
struct Nothing;

#[derive(Debug)]
struct NoSignature;

impl From<SendError> for NoSignature {
    fn from(_: SendError) -> Self {
        Self
    }
}

impl Signer for Nothing {
    type Error = NoSignature;

    async fn auth_sign(
        &mut self,
        _: &AgentIdentity,
        _: Option<HashAlg>,
        _: Vec<u8>,
    ) -> Result<Vec<u8>, NoSignature> {
        Err(NoSignature)
    }
}

/// Signs with another key than the offered one.
struct Another(Arc<PrivateKey>);

impl Signer for Another {
    type Error = NoSignature;

    async fn auth_sign(
        &mut self,
        _: &AgentIdentity,
        _: Option<HashAlg>,
        mut to_sign: Vec<u8>,
    ) -> Result<Vec<u8>, NoSignature> {
        use russh::keys::signature::Signer as _;
        use russh::keys::ssh_encoding::Encode;
        let signature = self.0.try_sign(&to_sign).unwrap();
        let mut encoded = Vec::new();
        signature.encode(&mut encoded).unwrap();
        encoded.encode(&mut to_sign).unwrap();
        Ok(to_sign)
    }
}

#[tokio::test]
async fn offering_a_supervisors_key_and_signing_with_an_agents_gives_the_agent() {
    let host = TestServer::open(Limits::default());
    let mut handle = host.connect().await;
    let offered = host.ha.public_key().clone();
    // The server accepts the offer of the supervisor's key; then comes the agent's signature.
    assert!(handle.authenticate_publickey_with("ha", offered, None, &mut Nothing).await.is_err());
    assert!(prove(&mut handle, &host.lan).await);
    let mut screen = Client::open(handle, "xterm", 80, 24).await;
    screen.sees("[lan agent]").await;
}

#[tokio::test]
async fn a_signature_of_another_key_proves_nothing() {
    let host = TestServer::open(Limits::default());
    let mut handle = host.connect().await;
    let named = host.ha.public_key().clone();
    let mut signer = Another(Arc::clone(&host.lan));
    let outcome = handle.authenticate_publickey_with("ha", named, None, &mut signer).await.unwrap();
    assert!(!outcome.success());
    assert!(host.state.registry.present().is_empty());
}

#[tokio::test]
async fn an_unknown_key_gets_the_same_answer_as_a_known_one_until_it_signs() {
    let host = TestServer::open(Limits::default());
    let mut handle = host.connect().await;
    for key in [new_key(), Arc::clone(&host.ha)] {
        let offered = key.public_key().clone();
        // Only a signer that is asked to sign can fail: both offers were taken.
        assert!(handle.authenticate_publickey_with("x", offered, None, &mut Nothing).await.is_err());
    }
    assert!(!prove(&mut handle, &new_key()).await);
    assert!(prove(&mut handle, &host.lan).await);
}

#[tokio::test]
async fn an_ecdsa_key_signs_in_too() {
    let host = TestServer::open(Limits::default());
    let kind = Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 };
    let key = Arc::new(PrivateKey::random(&mut russh::keys::key::safe_rng(), kind).unwrap());
    host.know("lan", Role::Agent, &key);
    host.open_screen(&key).await.sees("[lan agent]").await;
}

#[tokio::test]
async fn the_third_unknown_key_is_the_last() {
    let limits = Limits { refusal: Duration::from_millis(1), ..Limits::default() };
    let host = TestServer::open(limits);
    let mut handle = host.connect().await;
    for _ in 0..limits.attempts {
        assert!(!prove(&mut handle, &new_key()).await);
    }
    let fourth = PrivateKeyWithHashAlg::new(Arc::clone(&host.lan), None);
    let outcome = handle.authenticate_publickey("lan", fourth).await;
    assert!(!outcome.is_ok_and(|outcome| outcome.success()), "even a known key comes too late");
}

#[tokio::test]
async fn a_session_ends_when_its_key_is_removed() {
    let limits = Limits { recheck: Duration::from_millis(20), ..Limits::default() };
    let host = TestServer::open(limits);
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    let mut ha = host.open_screen(&host.ha).await;
    ha.sees("[ha supervisor]").await;
    host.forget(&host.lan);
    assert_eq!(lan.closed().await, Some(3));
    assert!(String::from_utf8_lossy(&lan.all).contains("What this key may do has changed"));
    ha.type_in(b"vin mai").await;
    ha.sees("vin mai").await;
}

#[tokio::test]
async fn a_session_ends_when_its_user_has_another_role() {
    let limits = Limits { recheck: Duration::from_millis(20), ..Limits::default() };
    let host = TestServer::open(limits);
    let mut ha = host.open_screen(&host.ha).await;
    ha.sees("[ha supervisor]").await;
    host.know("ha", Role::Agent, &host.ha);
    assert_eq!(ha.closed().await, Some(3));
}
