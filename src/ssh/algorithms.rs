//! Chooses the SSH algorithms: one host key type, key exchanges that resist later decryption of a recording, ciphers
//! that authenticate, no compression. A client that supports none of them is turned away.

use super::limits::Limits;
use russh::keys::{Algorithm, EcdsaCurve, PrivateKey};
use russh::server::Config;
use russh::{Limits as Rekey, MethodKind, MethodSet, Preferred, SshId, cipher, compression, kex, mac};
use std::borrow::Cow;
use std::time::Duration;

/// Key exchanges, best first, with the markers of strict key exchange and of extension info.
const EXCHANGES: &[kex::Name] = &[
    kex::MLKEM768X25519_SHA256,
    kex::CURVE25519,
    kex::CURVE25519_PRE_RFC_8731,
    kex::EXTENSION_SUPPORT_AS_SERVER,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
];

/// Signature algorithms of users and of the host.
const SIGNATURES: &[Algorithm] = &[
    Algorithm::Ed25519,
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 },
    Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 },
];

const CIPHERS: &[cipher::Name] = &[cipher::AES_256_GCM, cipher::AES_128_GCM, cipher::CHACHA20_POLY1305];

/// Only negotiated by a cipher that does not authenticate by itself; named all the same, as the protocol wants.
const MACS: &[mac::Name] = &[mac::HMAC_SHA512_ETM, mac::HMAC_SHA256_ETM];

/// Received bytes that a client may be ahead of us.
const WINDOW: u32 = 64 * 1024;

/// Whether a user may sign in with such a key.
pub fn may_sign(algorithm: &Algorithm) -> bool {
    SIGNATURES.contains(algorithm)
}

/// The configuration of every connection.
pub fn config(host_key: PrivateKey, limits: &Limits) -> Config {
    Config {
        server_id: SshId::Standard(Cow::Borrowed("SSH-2.0-tongdai")),
        methods: MethodSet::from(&[MethodKind::PublicKey][..]),
        auth_rejection_time: limits.refusal,
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![host_key],
        // A gigabyte or an hour under one key, as RFC 4253 §9 advises.
        limits: Rekey::new(1 << 30, 1 << 30, Duration::from_hours(1)),
        window_size: WINDOW,
        maximum_packet_size: 32 * 1024,
        channel_buffer_size: 4,
        event_buffer_size: 2,
        preferred: Preferred {
            kex: Cow::Borrowed(EXCHANGES),
            key: Cow::Borrowed(SIGNATURES),
            cipher: Cow::Borrowed(CIPHERS),
            mac: Cow::Borrowed(MACS),
            compression: Cow::Borrowed(&[compression::NONE]),
            ..Preferred::default()
        },
        // A client asks for `none` first to learn the methods; that is no attempt.
        max_auth_attempts: limits.attempts + 1,
        inactivity_timeout: Some(limits.silence()),
        keepalive_interval: Some(limits.keepalive),
        keepalive_max: limits.keepalives,
        nodelay: true,
        ..Config::default()
    }
}
