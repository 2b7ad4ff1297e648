//! Sessions as rows of the store, and orders that reach them through it.

use super::*;
use crate::domain::session::SessionId;
use crate::store::value::Row;
use crate::usecase::command::{Broadcast, SessionRef, StaffRef};
use crate::usecase::{Request, When};

impl TestServer {
    /// Does something as Hà, as another process of this store would.
    fn do_as_ha(&self, command: Command) {
        let staff = StaffId("ha".to_owned());
        self.state.door().execute(Request { op: None, staff, when: When::Now(now()), command }).unwrap();
    }

    fn rows(&self, sql: &'static str) -> Vec<Row> {
        self.state.door().store().read(move |tx| tx.many(sql, &[])).unwrap()
    }

    /// The ids of the sessions in the store.
    fn known(&self) -> Vec<SessionId> {
        self.rows("SELECT id FROM session ORDER BY id")
            .iter()
            .map(|row| SessionId(row.text(0).unwrap()))
            .collect()
    }

    fn ends(&self) -> Vec<(String, String)> {
        self.rows("SELECT staff, detail FROM audit WHERE action = 'session_end' ORDER BY seq")
            .iter()
            .map(|row| (row.text(0).unwrap(), row.text(1).unwrap()))
            .collect()
    }
}

fn pair(staff: &str, why: &str) -> (String, String) {
    (staff.to_owned(), format!("why={why}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_in_the_store_while_it_lasts_and_in_the_audit_log_for_good() {
    let host = TestServer::open(Limits::default());
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    lan.type_in(b"\x13").await;
    // Replies come in order, so the session's row is written by now.
    lan.sees("refused").await;
    let known = host.known();
    assert_eq!(known.len(), 1);
    lan.type_in(b"\x11").await;
    assert_eq!(lan.closed().await, Some(0));
    host.emptied().await;
    assert_eq!(host.known(), []);
    let audit = host.rows("SELECT os_user, subject, detail FROM audit WHERE action = 'session_start'");
    assert_eq!(audit.len(), 1);
    let print = Fingerprint::of(host.lan.public_key());
    assert_eq!(audit[0].text(0).unwrap(), format!("ssh {print}"));
    assert_eq!(audit[0].text(1).unwrap(), format!("session:{}", known[0]));
    assert_eq!(audit[0].text(2).unwrap(), "entrance=ssh from=127.0.0.1");
    assert_eq!(host.ends(), [pair("lan", "left")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_ends_a_session_of_another_process() {
    let host = TestServer::open(Limits::default());
    let mut lan = host.open_screen(&host.lan).await;
    lan.type_in(b"\x13").await;
    lan.sees("refused").await;
    let session = host.known().remove(0);
    host.do_as_ha(Command::EndSession(SessionRef { session }));
    assert_eq!(lan.closed().await, Some(0));
    assert!(lan.screen.screen().contents().contains("A supervisor ended this session"));
    host.emptied().await;
    assert_eq!(host.ends(), [pair("lan", "dismissed")]);
    assert_eq!(host.known(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broadcast_is_on_every_screen_that_was_there_and_stays() {
    let host = TestServer::open(Limits::default());
    let mut ha = host.open_screen(&host.ha).await;
    let mut lan = host.open_screen(&host.lan).await;
    lan.sees("[lan agent]").await;
    ha.sees("[ha supervisor]").await;
    host.do_as_ha(Command::Broadcast(Broadcast { text: "Họp ca lúc 16:30".to_owned() }));
    lan.sees("Họp ca lúc 16:30").await;
    ha.sees("Họp ca lúc 16:30").await;
    lan.type_in(b"abc").await;
    lan.sees("abc").await;
    assert!(lan.screen.screen().contents().contains("Họp ca"));
    lan.type_in(b"\x1b[19~x").await;
    lan.sees("abcx").await;
    assert!(!lan.screen.screen().contents().contains("Họp ca"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_session_takes_over_and_the_older_one_ends() {
    let host = TestServer::open(Limits::default());
    let mut old = host.open_screen(&host.lan).await;
    old.sees("[lan agent]").await;
    let mut new = host.open_screen(&host.lan).await;
    new.sees("You have the screens open elsewhere (127.0.0.1").await;
    new.type_in(b"\r").await;
    assert_eq!(old.closed().await, Some(0));
    assert!(old.screen.screen().contents().contains("You went on in another session"));
    new.type_in(b"here").await;
    new.sees("here").await;
    host.left_with(1).await;
    assert_eq!(host.ends(), [pair("lan", "taken_over")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_panics_and_one_of_a_disabled_user_leave_the_store() {
    let host = TestServer::open(Limits::default());
    let mut lan = host.open_screen(&host.lan).await;
    lan.type_in(b"\x13").await;
    lan.sees("refused").await;
    lan.type_in(b"\x18").await;
    assert_eq!(lan.closed().await, Some(1));
    host.emptied().await;
    assert_eq!((host.known(), host.ends()), (vec![], vec![pair("lan", "failed")]));
    let mut lan = host.open_screen(&host.lan).await;
    lan.type_in(b"\x13").await;
    lan.sees("refused").await;
    host.do_as_ha(Command::DisableStaff(StaffRef { id: StaffId("lan".to_owned()) }));
    lan.closed().await;
    host.emptied().await;
    assert_eq!(host.known(), []);
}
