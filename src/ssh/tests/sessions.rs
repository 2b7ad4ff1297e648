//! What the store knows of sessions, and what others do to them through it.

use super::*;
use crate::domain::session::SessionId;
use crate::store::value::Row;
use crate::usecase::command::{Broadcast, SessionRef, StaffRef};
use crate::usecase::{Request, When};

impl Ground {
    /// Does something as Hà, as another process of this store would.
    fn do_as_ha(&self, command: Command) {
        let staff = StaffId("ha".to_owned());
        self.house.door().execute(Request { op: None, staff, when: When::Now(now()), command }).unwrap();
    }

    fn rows(&self, sql: &'static str) -> Vec<Row> {
        self.house.door().store().read(move |tx| tx.many(sql, &[])).unwrap()
    }

    /// The ids of the sessions that the store knows.
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
async fn a_session_is_in_the_store_while_it_lasts_and_in_the_trail_for_good() {
    let ground = Ground::open(Limits::default());
    let mut lan = ground.sit(&ground.lan).await;
    lan.sees("[lan agent]").await;
    lan.type_in(b"\x13").await;
    // The answer comes after what was asked before it.
    lan.sees("refused").await;
    let known = ground.known();
    assert_eq!(known.len(), 1);
    lan.type_in(b"\x11").await;
    assert_eq!(lan.closed().await, Some(0));
    ground.emptied().await;
    assert_eq!(ground.known(), []);
    let trail = ground.rows("SELECT os_user, subject, detail FROM audit WHERE action = 'session_start'");
    assert_eq!(trail.len(), 1);
    let print = Fingerprint::of(ground.lan.public_key());
    assert_eq!(trail[0].text(0).unwrap(), format!("ssh {print}"));
    assert_eq!(trail[0].text(1).unwrap(), format!("session:{}", known[0]));
    assert_eq!(trail[0].text(2).unwrap(), "entrance=ssh from=127.0.0.1");
    assert_eq!(ground.ends(), [pair("lan", "left")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_ends_a_session_from_wherever_they_are() {
    let ground = Ground::open(Limits::default());
    let mut lan = ground.sit(&ground.lan).await;
    lan.type_in(b"\x13").await;
    lan.sees("refused").await;
    let session = ground.known().remove(0);
    ground.do_as_ha(Command::EndSession(SessionRef { session }));
    assert_eq!(lan.closed().await, Some(0));
    assert!(lan.screen.screen().contents().contains("A supervisor ended this session"));
    ground.emptied().await;
    assert_eq!(ground.ends(), [pair("lan", "dismissed")]);
    assert_eq!(ground.known(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broadcast_is_on_every_screen_that_was_there_and_stays() {
    let ground = Ground::open(Limits::default());
    let mut ha = ground.sit(&ground.ha).await;
    let mut lan = ground.sit(&ground.lan).await;
    lan.sees("[lan agent]").await;
    ha.sees("[ha supervisor]").await;
    ground.do_as_ha(Command::Broadcast(Broadcast { text: "Họp ca lúc 16:30".to_owned() }));
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
async fn a_newer_session_takes_over_and_the_older_is_told() {
    let ground = Ground::open(Limits::default());
    let mut old = ground.sit(&ground.lan).await;
    old.sees("[lan agent]").await;
    let mut new = ground.sit(&ground.lan).await;
    new.sees("You have the screens open elsewhere (127.0.0.1").await;
    new.type_in(b"\r").await;
    assert_eq!(old.closed().await, Some(0));
    assert!(old.screen.screen().contents().contains("You went on in another session"));
    new.type_in(b"here").await;
    new.sees("here").await;
    ground.left_with(1).await;
    assert_eq!(ground.ends(), [pair("lan", "taken_over")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_breaks_and_one_whose_person_is_disabled_leave_the_store() {
    let ground = Ground::open(Limits::default());
    let mut lan = ground.sit(&ground.lan).await;
    lan.type_in(b"\x13").await;
    lan.sees("refused").await;
    lan.type_in(b"\x18").await;
    assert_eq!(lan.closed().await, Some(1));
    ground.emptied().await;
    assert_eq!((ground.known(), ground.ends()), (vec![], vec![pair("lan", "failed")]));
    let mut lan = ground.sit(&ground.lan).await;
    lan.type_in(b"\x13").await;
    lan.sees("refused").await;
    ground.do_as_ha(Command::DisableStaff(StaffRef { id: StaffId("lan".to_owned()) }));
    lan.closed().await;
    ground.emptied().await;
    assert_eq!(ground.known(), []);
}
