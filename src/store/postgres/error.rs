//! Translates PostgreSQL's errors into those of the store.

use super::super::StoreError;
use std::error::Error as _;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// A server's refusal or a broken connection. `place` is what was tried, without secrets.
pub(super) fn translate(error: &Error, place: &str) -> StoreError {
    let lost = || StoreError::Lost { what: place.to_owned() };
    let Some(state) = error.code() else {
        if let Some(reason) = untrusted(error) {
            return StoreError::Untrusted { what: format!("{place} ({reason})") };
        }
        return if error.is_closed() || is_io(error) {
            lost()
        } else if asks_for_a_password(error) {
            StoreError::Denied { what: place.to_owned() }
        } else {
            StoreError::internal(&error.to_string())
        };
    };
    match *state {
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::LOCK_NOT_AVAILABLE => StoreError::Conflict,
        // Cancelled by the statement timeout, or too many at once.
        SqlState::QUERY_CANCELED | SqlState::TOO_MANY_CONNECTIONS => StoreError::Busy,
        // The leader has moved, is shutting down, or is not up yet.
        SqlState::READ_ONLY_SQL_TRANSACTION
        | SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => lost(),
        SqlState::DISK_FULL => StoreError::DiskFull,
        SqlState::INVALID_PASSWORD
        | SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        | SqlState::INSUFFICIENT_PRIVILEGE => StoreError::Denied { what: place.to_owned() },
        SqlState::INVALID_CATALOG_NAME | SqlState::INVALID_SCHEMA_NAME => {
            StoreError::Missing { what: place.to_owned() }
        }
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => StoreError::Corrupt,
        _ if state.code().starts_with("08") => lost(),
        _ if state.code().starts_with("23") => StoreError::constraint(&message_of(error)),
        _ => StoreError::internal(&message_of(error)),
    }
}

/// The server's message without its detail line, which may hold a row's values.
fn message_of(error: &Error) -> String {
    error
        .as_db_error()
        .map_or_else(|| error.to_string(), |db| format!("{} {}", db.code().code(), db.message()))
}

fn is_io(error: &Error) -> bool {
    let mut cause = error.source();
    while let Some(one) = cause {
        if one.is::<std::io::Error>() {
            return true;
        }
        cause = one.source();
    }
    false
}

/// The library reports a missing password by its message only.
fn asks_for_a_password(error: &Error) -> bool {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(one) = cause {
        text.push_str(&one.to_string());
        cause = one.source();
    }
    text.contains("password missing") || text.contains("authentication")
}

/// The problem of the server's certificate, if that is the cause.
fn untrusted(error: &Error) -> Option<String> {
    let mut cause = error.source();
    while let Some(one) = cause {
        let tls = one
            .downcast_ref::<rustls::Error>()
            .or_else(|| one.downcast_ref::<std::io::Error>()?.get_ref()?.downcast_ref::<rustls::Error>());
        if let Some(tls) = tls {
            return Some(tls.to_string());
        }
        cause = one.source();
    }
    // The server has no TLS, and the address demands it.
    let text = error.to_string();
    (text.contains("TLS") || text.contains("tls")).then_some(text)
}
