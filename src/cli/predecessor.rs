//! Finds the process that served an address before this one: its id is in a file beside the host key. A server that
//! starts again after a crash removes the sessions of that process, so that a user who reconnects is not asked about a
//! session that no longer exists.
//!
//! Invariant: only the process that holds the address asks, so the one before has ended. Port 0 has no predecessor.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

/// Characters of a process id.
const NAME: usize = 26;

/// Records `own` as the process of the address; returns the process before it, if there was one.
///
/// # Errors
/// Those of reading and writing the file.
pub fn succeed(folder: &Path, address: SocketAddr, own: &str) -> io::Result<Option<String>> {
    if address.port() == 0 {
        return Ok(None);
    }
    let name = format!("serve-{}-{}.process", address.ip().to_string().replace(':', "_"), address.port());
    let file = folder.join(name);
    let before = match fs::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => None,
        Err(error) => return Err(error),
    };
    let new = file.with_extension("new");
    fs::write(&new, own)?;
    fs::rename(&new, &file)?;
    Ok(before.filter(|name| name.len() == NAME && name.bytes().all(|byte| byte.is_ascii_alphanumeric())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    const SECOND: &str = "01BX5ZZKBKACTAV9WEVGEMMVRZ";

    #[test]
    fn each_address_remembers_its_last_process() {
        let folder = tempfile::tempdir().unwrap();
        let at = |text: &str, own: &str| succeed(folder.path(), text.parse().unwrap(), own).unwrap();
        assert_eq!(at("127.0.0.1:9090", FIRST), None);
        assert_eq!(at("[::1]:9090", SECOND), None);
        assert_eq!(at("127.0.0.1:9091", SECOND), None);
        assert_eq!(at("127.0.0.1:9090", SECOND), Some(FIRST.to_owned()));
        assert_eq!(at("127.0.0.1:9090", FIRST), Some(SECOND.to_owned()));
        assert_eq!(at("127.0.0.1:0", FIRST), None);
        assert_eq!(at("127.0.0.1:0", FIRST), None);
    }

    #[test]
    fn a_file_without_a_process_id_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("serve-127.0.0.1-9090.process"), b"\xff what?").unwrap();
        let address = "127.0.0.1:9090".parse().unwrap();
        assert_eq!(succeed(folder.path(), address, FIRST).unwrap(), None);
        assert_eq!(succeed(folder.path(), address, SECOND).unwrap(), Some(FIRST.to_owned()));
    }
}
