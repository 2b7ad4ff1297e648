//! Everything but the screens is refused, at once and without hanging.

use super::*;
use tokio::time::Instant;

/// Reads `channel` until it is closed: bytes on standard error, exit status, whether the request was refused.
async fn outcome(channel: &mut russh::Channel<client::Msg>) -> (String, Option<u32>, bool) {
    let (mut stderr, mut status, mut refused) = (String::new(), None, false);
    let all = timeout(PATIENCE, async {
        loop {
            match channel.wait().await {
                Some(ChannelMsg::ExtendedData { data, .. }) => {
                    stderr.push_str(&String::from_utf8_lossy(&data));
                }
                Some(ChannelMsg::ExitStatus { exit_status }) => status = Some(exit_status),
                Some(ChannelMsg::Failure) => refused = true,
                Some(ChannelMsg::Close) | None => return,
                Some(_) => {}
            }
        }
    });
    all.await.expect("the channel hangs");
    (stderr, status, refused)
}

#[tokio::test]
async fn other_methods_than_a_key_are_refused() {
    let host = TestServer::open(Limits::default());
    let mut handle = host.connect().await;
    assert!(!handle.authenticate_none("lan").await.unwrap().success());
    assert!(!handle.authenticate_password("lan", "secret").await.unwrap().success());
    let asked = handle.authenticate_keyboard_interactive_start("lan", None::<String>).await.unwrap();
    assert!(matches!(asked, client::KeyboardInteractiveAuthResponse::Failure { .. }), "{asked:?}");
    assert!(prove(&mut handle, &host.lan).await, "the key still opens");
}

#[tokio::test]
async fn commands_and_subsystems_are_refused_with_the_reason() {
    let host = TestServer::open(Limits::default());
    for what in ["id", "scp -t /tmp", ""] {
        let handle = host.login(&host.lan).await;
        let mut channel = handle.channel_open_session().await.unwrap();
        channel.exec(true, what).await.unwrap();
        let (stderr, status, refused) = outcome(&mut channel).await;
        assert!(stderr.starts_with("tongdai: ") && stderr.contains("runs no commands"), "{stderr}");
        assert_eq!((status, refused), (Some(2), false), "{what}");
    }
    let handle = host.login(&host.lan).await;
    let mut channel = handle.channel_open_session().await.unwrap();
    channel.request_subsystem(true, "sftp").await.unwrap();
    let (stderr, status, _) = outcome(&mut channel).await;
    assert!(status == Some(2) && stderr.contains("moves no files"), "{stderr}");
}

#[tokio::test]
async fn a_shell_without_a_terminal_says_so_and_exits_with_2() {
    let host = TestServer::open(Limits::default());
    let handle = host.login(&host.lan).await;
    let mut channel = handle.channel_open_session().await.unwrap();
    channel.request_shell(true).await.unwrap();
    let (stderr, status, _) = outcome(&mut channel).await;
    assert!(stderr.contains("the screens need a terminal"), "{stderr}");
    assert_eq!(status, Some(2));
    let mut dumb = Client::open(host.login(&host.lan).await, "dumb", 80, 24).await;
    assert_eq!(dumb.closed().await, Some(2));
    assert!(dumb.stderr.contains("TERM"), "{}", dumb.stderr);
    assert!(dumb.all.is_empty(), "no escape sequence reaches a terminal that knows none");
}

#[tokio::test]
async fn agent_display_variables_and_forwarding_are_refused_and_the_screen_opens_all_the_same() {
    let host = TestServer::open(Limits::default());
    let handle = host.login(&host.lan).await;
    let mut channel = handle.channel_open_session().await.unwrap();
    for round in 0..20 {
        channel.set_env(true, format!("LC_{round}"), "x").await.unwrap();
        assert!(matches!(channel.wait().await, Some(ChannelMsg::Failure)));
    }
    channel.agent_forward(true).await.unwrap();
    assert!(matches!(channel.wait().await, Some(ChannelMsg::Failure)));
    channel.request_x11(true, false, "MIT-MAGIC-COOKIE-1", "00", 0).await.unwrap();
    assert!(matches!(channel.wait().await, Some(ChannelMsg::Failure)));
    assert!(handle.channel_open_direct_tcpip("127.0.0.1", 22, "127.0.0.1", 1).await.is_err());
    assert!(handle.channel_open_direct_streamlocal("/run/x").await.is_err());
    assert!(handle.tcpip_forward("127.0.0.1", 0).await.is_err());
    assert!(handle.streamlocal_forward("/run/x").await.is_err());
    assert!(handle.channel_open_session().await.is_err(), "a second channel");
    channel.request_pty(true, "xterm", 80, 24, 0, 0, &[]).await.unwrap();
    channel.request_shell(true).await.unwrap();
    Client::over(handle, channel).sees("[lan agent]").await;
}

#[tokio::test]
async fn a_repeated_request_is_refused_each_time_and_does_not_fill_the_log() {
    let log = Log::capture();
    let host = TestServer::open(Limits { recheck: Duration::from_hours(1), ..Limits::default() });
    let handle = host.login(&host.lan).await;
    let mut channel = handle.channel_open_session().await.unwrap();
    for _ in 0..50 {
        channel.agent_forward(true).await.unwrap();
        assert!(matches!(channel.wait().await, Some(ChannelMsg::Failure)));
    }
    assert_eq!(host.state.count.requests.read(), [("agent", 50)]);
    let lines = log.of("event", "request_refused").len();
    assert!((1..=10).contains(&lines), "{lines} lines");
    assert_eq!(host.state.log_limit.next_period() as usize, 50 - lines, "skipped lines are counted");
    channel.request_pty(true, "xterm", 80, 24, 0, 0, &[]).await.unwrap();
    channel.request_shell(true).await.unwrap();
    Client::over(handle, channel).sees("[lan agent]").await;
}

#[tokio::test]
async fn a_refusal_comes_within_a_second() {
    let host = TestServer::open(Limits::default());
    let handle = host.login(&host.lan).await;
    let mut channel = handle.channel_open_session().await.unwrap();
    let start = Instant::now();
    channel.exec(true, "id").await.unwrap();
    outcome(&mut channel).await;
    assert!(start.elapsed() < Duration::from_secs(1));
}
