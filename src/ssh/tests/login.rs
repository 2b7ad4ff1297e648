//! Who comes in, and as whom.

use super::*;
use russh::keys::agent::AgentIdentity;
use russh::keys::{EcdsaCurve, HashAlg};
use russh::{SendError, Signer};

#[tokio::test]
async fn the_key_decides_who_works_and_the_name_says_nothing() {
    let ground = Ground::open(Limits::default());
    let mut lan = ground.sit(&ground.lan).await;
    lan.sees("[lan agent]").await;
    let mut ha = ground.sit(&ground.ha).await;
    ha.sees("[ha supervisor]").await;
    let here: Vec<_> = ground.house.roll.present().iter().map(|p| p.actor.staff.to_string()).collect();
    assert_eq!(here, ["lan", "ha"]);
    assert!(ground.house.roll.present()[0].presence.bytes.0 > 0);
}

/// Holds no key: whatever it is to sign, it does not.
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

/// Signs with another key than the one that was named.
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
    let ground = Ground::open(Limits::default());
    let mut handle = ground.connect().await;
    let offered = ground.ha.public_key().clone();
    // The server says that it would take the supervisor's key; then comes the agent's signature.
    assert!(handle.authenticate_publickey_with("ha", offered, None, &mut Nothing).await.is_err());
    assert!(prove(&mut handle, &ground.lan).await);
    let mut screen = Seated::open(handle, "xterm", 80, 24).await;
    screen.sees("[lan agent]").await;
}

#[tokio::test]
async fn a_signature_of_another_key_proves_nothing() {
    let ground = Ground::open(Limits::default());
    let mut handle = ground.connect().await;
    let named = ground.ha.public_key().clone();
    let mut signer = Another(Arc::clone(&ground.lan));
    let outcome = handle.authenticate_publickey_with("ha", named, None, &mut signer).await.unwrap();
    assert!(!outcome.success());
    assert!(ground.house.roll.present().is_empty());
}

#[tokio::test]
async fn an_unknown_key_gets_the_same_answer_as_a_known_one_until_it_signs() {
    let ground = Ground::open(Limits::default());
    let mut handle = ground.connect().await;
    for key in [new_key(), Arc::clone(&ground.ha)] {
        let offered = key.public_key().clone();
        // Only a signer that is asked to sign can fail: both offers were taken.
        assert!(handle.authenticate_publickey_with("x", offered, None, &mut Nothing).await.is_err());
    }
    assert!(!prove(&mut handle, &new_key()).await);
    assert!(prove(&mut handle, &ground.lan).await);
}

#[tokio::test]
async fn an_ecdsa_key_signs_in_too() {
    let ground = Ground::open(Limits::default());
    let kind = Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 };
    let key = Arc::new(PrivateKey::random(&mut russh::keys::key::safe_rng(), kind).unwrap());
    ground.know("lan", Role::Agent, &key);
    ground.sit(&key).await.sees("[lan agent]").await;
}

#[tokio::test]
async fn the_third_unknown_key_is_the_last() {
    let limits = Limits { refusal: Duration::from_millis(1), ..Limits::default() };
    let ground = Ground::open(limits);
    let mut handle = ground.connect().await;
    for _ in 0..limits.attempts {
        assert!(!prove(&mut handle, &new_key()).await);
    }
    let fourth = PrivateKeyWithHashAlg::new(Arc::clone(&ground.lan), None);
    let outcome = handle.authenticate_publickey("lan", fourth).await;
    assert!(!outcome.is_ok_and(|outcome| outcome.success()), "even a known key comes too late");
}

#[tokio::test]
async fn a_session_ends_when_its_key_is_taken_away() {
    let limits = Limits { recheck: Duration::from_millis(20), ..Limits::default() };
    let ground = Ground::open(limits);
    let mut lan = ground.sit(&ground.lan).await;
    lan.sees("[lan agent]").await;
    let mut ha = ground.sit(&ground.ha).await;
    ha.sees("[ha supervisor]").await;
    ground.forget(&ground.lan);
    assert_eq!(lan.closed().await, Some(3));
    assert!(String::from_utf8_lossy(&lan.all).contains("What this key may do has changed"));
    ha.type_in(b"vin mai").await;
    ha.sees("vin mai").await;
}

#[tokio::test]
async fn a_session_ends_when_its_person_has_another_role() {
    let limits = Limits { recheck: Duration::from_millis(20), ..Limits::default() };
    let ground = Ground::open(limits);
    let mut ha = ground.sit(&ground.ha).await;
    ha.sees("[ha supervisor]").await;
    ground.know("ha", Role::Agent, &ground.ha);
    assert_eq!(ha.closed().await, Some(3));
}
