//! Answers `GET /metrics` and nothing else, on one thread, one request after the other.
//!
//! Invariants:
//! - it listens on a loopback address only;
//! - a request has a bounded length and a bounded time, so that a silent client delays the next one no longer than
//!   that;
//! - the thread ends with its owner.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Longest request, in bytes.
const LONGEST: usize = 8 * 1024;
/// From the connection to the end of its answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// Rest after a connection could not be accepted (no descriptors left).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// The answering thread; ends when dropped.
#[derive(Debug)]
pub struct Answerer {
    address: SocketAddr,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Answerer {
    /// Listens on `address` and answers with what `page` returns at that moment.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidInput`] for an address that is not loopback; otherwise the errors of binding.
    pub fn start(address: SocketAddr, page: impl Fn() -> String + Send + 'static) -> io::Result<Self> {
        if !address.ip().to_canonical().is_loopback() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&over);
        let thread = std::thread::Builder::new()
            .name("metrics".to_owned())
            .spawn(move || answer_all(&listener, &ends, &page))?;
        Ok(Self { address, over, thread: Some(thread) })
    }

    /// The address on which it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Answerer {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Release);
        // Wakes the thread; one that cannot be reached has ended.
        let woken = TcpStream::connect_timeout(&self.address, PATIENCE).is_ok();
        if let Some(thread) = self.thread.take()
            && woken
            && thread.join().is_err()
        {
            tracing::error!("the metrics thread ended by a panic");
        }
    }
}

fn answer_all(listener: &TcpListener, over: &AtomicBool, page: &impl Fn() -> String) {
    loop {
        let accepted = listener.accept();
        if over.load(Ordering::Acquire) {
            return;
        }
        match accepted {
            Ok((stream, _)) => {
                // A client that does not take the answer asks again.
                let _ = answer(stream, page);
            }
            Err(_) => std::thread::park_timeout(ACCEPT_PAUSE),
        }
    }
}

/// Reads one request and answers it; the connection ends with it.
fn answer(mut stream: TcpStream, page: &impl Fn() -> String) -> io::Result<()> {
    let until = Instant::now() + PATIENCE;
    let (status, body) = match request(&mut stream, until)? {
        Asked::Page => ("200 OK", page()),
        Asked::Elsewhere => ("404 Not Found", "/metrics\n".to_owned()),
        Asked::Otherwise => ("405 Method Not Allowed", "GET\n".to_owned()),
        Asked::Nonsense => ("400 Bad Request", String::new()),
        Asked::TooMuch => ("431 Request Header Fields Too Large", String::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n\
         Content-Length: {}\r\nAllow: GET\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())
}

/// What a request asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Page,
    Elsewhere,
    Otherwise,
    Nonsense,
    TooMuch,
}

fn request(stream: &mut TcpStream, until: Instant) -> io::Result<Asked> {
    let mut received = Vec::new();
    let mut piece = [0; 1024];
    loop {
        let left = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero());
        stream.set_read_timeout(Some(left.ok_or(io::ErrorKind::TimedOut)?))?;
        let count = stream.read(&mut piece)?;
        received.extend_from_slice(piece.get(..count).unwrap_or_default());
        if received.windows(4).any(|end| end == b"\r\n\r\n") {
            return Ok(understand(&received));
        }
        if count == 0 {
            return Ok(Asked::Nonsense);
        }
        if received.len() > LONGEST {
            return Ok(Asked::TooMuch);
        }
    }
}

fn understand(request: &[u8]) -> Asked {
    let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let words: Vec<&str> = std::str::from_utf8(line).unwrap_or_default().split(' ').collect();
    let [method, target, version] = words.as_slice() else { return Asked::Nonsense };
    if !version.starts_with("HTTP/1.") {
        Asked::Nonsense
    } else if *method != "GET" {
        Asked::Otherwise
    } else if target.split('?').next() == Some("/metrics") {
        Asked::Page
    } else {
        Asked::Elsewhere
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answerer() -> Answerer {
        Answerer::start(SocketAddr::from(([127, 0, 0, 1], 0)), || "a 1\n".to_owned()).unwrap()
    }

    fn ask(address: SocketAddr, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn only_the_page_is_given_out_and_nonsense_is_answered_in_short() {
        let answerer = answerer();
        let page = ask(answerer.address(), b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.ends_with("\r\n\r\na 1\n"), "{page}");
        for (request, status) in [
            (b"GET / HTTP/1.1\r\n\r\n".as_slice(), "404"),
            (b"POST /metrics HTTP/1.1\r\n\r\n", "405"),
            (b"GET /metrics\r\n\r\n", "400"),
            (b"\xff\xfe\r\n\r\n", "400"),
        ] {
            let answer = ask(answerer.address(), request);
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        }
    }

    #[test]
    fn a_request_without_end_is_refused_at_its_limit() {
        let answerer = answerer();
        let mut stream = TcpStream::connect(answerer.address()).unwrap();
        stream.write_all(&[b'x'; LONGEST + 1]).unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 431");
    }

    #[test]
    fn a_silent_client_does_not_block_the_next_one() {
        let answerer = answerer();
        let _silent = TcpStream::connect(answerer.address()).unwrap();
        let page = ask(answerer.address(), b"GET /metrics HTTP/1.0\r\n\r\n");
        assert!(page.ends_with("a 1\n"), "{page}");
    }

    #[test]
    fn an_address_of_the_network_is_refused() {
        for address in ["0.0.0.0:0", "192.0.2.1:0", "[::]:0"] {
            let refused = Answerer::start(address.parse().unwrap(), String::new).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
        }
    }

    #[test]
    fn its_port_is_free_when_it_is_dropped() {
        let answerer = answerer();
        let address = answerer.address();
        drop(answerer);
        assert!(TcpStream::connect(address).is_err());
    }
}
