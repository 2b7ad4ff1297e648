//! A session from its first frame to its last.

use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn what_is_typed_is_shown_and_leaving_gives_the_terminal_back() {
    let host = TestServer::open(Limits::default());
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    assert!(lan.screen.screen().alternate_screen() && lan.screen.screen().bracketed_paste());
    for piece in ["Đ".as_bytes(), b"\xe1", b"\xbb\x97 Th\xff", "ị".as_bytes()] {
        lan.type_in(piece).await;
    }
    lan.sees("Đỗ Thị").await;
    lan.type_in(b"\x11").await;
    assert_eq!(lan.closed().await, Some(0));
    assert!(!lan.screen.screen().alternate_screen() && !lan.screen.screen().bracketed_paste());
    host.emptied().await;
}

#[tokio::test]
async fn a_new_size_is_drawn_and_a_mad_one_is_clamped() {
    let host = TestServer::open(Limits::default());
    let mut lan = Client::open(host.login(&host.lan).await, "xterm", 0, 0).await;
    lan.sees("[lan agent]").await;
    for round in 0..200 {
        lan.resize(round % 300, round % 90).await;
    }
    lan.resize(u32::MAX, u32::MAX).await;
    let [rows, columns] = [120, 400].map(|side| NonZeroU16::new(side).unwrap());
    lan.screen.screen_mut().set_size(rows, columns);
    lan.type_in(b"to").await;
    lan.sees("(2) to").await;
    lan.resize(1, 1).await;
    lan.type_in(b"q\x11").await;
    assert_eq!(lan.closed().await, Some(0));
}

#[tokio::test]
async fn a_long_paste_is_cut_with_a_notice() {
    let limits = Limits { paste: 2048, ..Limits::default() };
    let host = TestServer::open(limits);
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    let paste = [b"\x1b[200~".as_slice(), &vec![b'p'; 1_000_000], b"\x1b[201~"].concat();
    lan.type_in(&paste).await;
    lan.sees("(2048)").await;
    lan.sees("longer than 2 KB").await;
}

#[tokio::test]
async fn a_screen_that_panics_ends_its_own_session_and_no_other() {
    let log = Log::capture();
    let host = TestServer::open(Limits::default());
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    let mut ha = host.open_screen(&host.ha).await;
    ha.sees("[ha supervisor]").await;
    lan.type_in(b"\x18").await;
    assert_eq!(lan.closed().await, Some(1));
    assert!(!lan.screen.screen().alternate_screen());
    assert!(lan.screen.screen().contents().contains("The session failed"));
    ha.type_in(b"vin mai").await;
    ha.sees("vin mai").await;
    host.left_with(1).await;
    let incidents = log.of("cause", "a session panicked");
    assert!(incidents.len() == 1 && incidents[0]["incident"].is_string(), "{incidents:?}");
    let ended = log.of("event", "session_end");
    assert!(ended.len() == 1 && ended[0]["why"] == "failed" && ended[0]["staff"] == "lan", "{ended:?}");
}

#[tokio::test]
async fn a_closed_input_or_a_lost_connection_ends_the_session() {
    let host = TestServer::open(Limits::default());
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    lan.to_host.eof().await.unwrap();
    host.state.registry.emptied().await;
    let mut ha = host.open_screen(&host.ha).await;
    ha.sees("[ha supervisor]").await;
    drop(ha);
    host.state.registry.emptied().await;
}

#[tokio::test]
async fn what_one_user_changes_reaches_the_other_screens() {
    let host = TestServer::open(Limits::default());
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    let mut ha = host.open_screen(&host.ha).await;
    ha.sees("[ha supervisor]").await;
    ha.type_in(b"\x13").await;
    ha.sees("saved").await;
    lan.sees("changed").await;
}

#[tokio::test]
async fn a_stop_ends_every_session_and_loses_no_write() {
    let host = TestServer::open(Limits::default());
    let mut ha = host.open_screen(&host.ha).await;
    ha.sees("[ha supervisor]").await;
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    ha.type_in(b"\x13").await;
    ha.sees("saved").await;
    host.stop.send_replace(true);
    for client in [&mut ha, &mut lan] {
        assert_eq!(client.closed().await, Some(0));
        assert!(client.screen.screen().contents().contains("The host is stopping"));
    }
    timeout(PATIENCE, host.serving).await.expect("never stopped").unwrap();
    let operator = StaffId(crate::domain::actor::OPERATOR.to_owned());
    let quota = host.state.door().query(&operator, now(), crate::usecase::Query::Quota {}).unwrap();
    assert!(matches!(quota, crate::usecase::Snapshot::Quota(quota) if quota.quota == 321));
    assert!(tokio::net::TcpStream::connect(host.address).await.is_err());
}

#[tokio::test]
async fn links_and_the_clipboard_are_used_only_where_asked_for() {
    let host = TestServer::open(Limits::default());
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    lan.type_in(b"0904 123 456 \x19").await;
    lan.sees("Copying to your own computer is off").await;
    assert!(!String::from_utf8_lossy(&lan.all).contains("\x1b]"));
    let host = TestServer::styled(Limits::default(), TerminalOptions { links: true, clipboard: true });
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    lan.type_in(b"0904 123 456 \x19.").await;
    lan.sees("0904 123 456 .").await;
    let all = String::from_utf8_lossy(&lan.all);
    assert!(all.contains("\x1b]8;;tel:+84904123456") && all.contains("\x1b]52;c;"));
}

#[tokio::test]
async fn frames_are_synchronized_output_where_the_terminal_does_not_refuse_it() {
    let host = TestServer::open(Limits::default());
    for (term, wanted) in [("xterm-256color", true), ("linux", false)] {
        let mut lan = Client::open(host.login(&host.lan).await, term, 80, 24).await;
        lan.sees("[lan agent]").await;
        let all = String::from_utf8_lossy(&lan.all).into_owned();
        let (begins, ends) = (all.matches("\x1b[?2026h").count(), all.matches("\x1b[?2026l").count());
        assert_eq!((begins > 0, begins), (wanted, ends), "{term}");
    }
}

/// A connection to `address` on which what the host sends can be held back.
pub(super) async fn faucet(address: SocketAddr) -> (tokio::io::DuplexStream, watch::Sender<bool>) {
    let (client, near) = tokio::io::duplex(1 << 16);
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let (mut from_host, mut to_host) = socket.connect(address).await.unwrap().into_split();
    let (mut from_client, mut to_client) = tokio::io::split(near);
    let (open, mut opened) = watch::channel(true);
    tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_host).await });
    tokio::spawn(async move {
        let mut piece = [0; 4096];
        while opened.wait_for(|open| *open).await.is_ok() {
            let read = from_host.read(&mut piece).await.unwrap_or(0);
            if read == 0 || to_client.write_all(&piece[..read]).await.is_err() {
                return;
            }
        }
    });
    (client, open)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_takes_nothing_costs_no_frames_and_sees_the_newest_one_later() {
    let host = TestServer::open(Limits::default());
    let (stream, tap) = faucet(host.address).await;
    let config = Arc::new(client::Config::default());
    let mut handle = client::connect_stream(config, stream, Trusting).await.unwrap();
    assert!(prove(&mut handle, &host.lan).await);
    let mut lan = Client::open(handle, "xterm-256color", 200, 60).await;
    let [rows, columns] = [60, 200].map(|side| NonZeroU16::new(side).unwrap());
    lan.screen.screen_mut().set_size(rows, columns);
    lan.sees("[lan agent]").await;
    let bytes = || host.state.registry.present()[0].presence.bytes;
    tap.send_replace(false);
    let one_frame = bytes().1;
    let received = bytes().0;
    for round in 0..1000 {
        lan.resize(199 + round % 2, 60).await;
    }
    lan.type_in(b"moi nhat").await;
    // All input has been taken, whatever became of the frames.
    let taken = timeout(PATIENCE, async {
        while bytes().0 < received + 1000 * 20 {
            tokio::task::yield_now().await;
        }
    });
    assert!(taken.await.is_ok(), "a client that takes no output may still type");
    assert!(bytes().1 - one_frame < 400_000, "{} bytes for 1000 frames", bytes().1);
    tap.send_replace(true);
    lan.sees("moi nhat").await;
}
