//! The door that stood at this address before this one: its process's name lies beside the host's key. A door that
//! starts again after a crash takes away the sessions that died with its predecessor, so that nobody who comes back
//! is asked about a session of their own that is no more, or waits for it.
//!
//! Invariant: only who holds the address asks this, so whoever stood there before is gone. An address without a port
//! of its own (port 0) has no predecessor.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

/// Characters of a process's name.
const NAME: usize = 26;

/// Signs the address over to the process `own`; who stood there before, if anybody did.
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
    fn each_address_remembers_who_stood_there_last() {
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
    fn a_file_that_holds_no_name_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("serve-127.0.0.1-9090.process"), b"\xff what?").unwrap();
        let address = "127.0.0.1:9090".parse().unwrap();
        assert_eq!(succeed(folder.path(), address, FIRST).unwrap(), None);
        assert_eq!(succeed(folder.path(), address, SECOND).unwrap(), Some(FIRST.to_owned()));
    }
}
