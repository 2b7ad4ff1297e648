//! Stories of the page of staff: adding, changing, disabling, SSH keys and PINs.

use super::ssh_keys::KeyWindow;
use super::*;
use crate::tui::input::{Mouse, Pointer};
use crate::usecase::command::{AddStaffKey, RemoveStaffKey};
use crate::usecase::model::staff::StaffKeyLine;

const LAN: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPIeWx6Uk0LkBJbIb8sHDL3xOEFW6Kp3BQ5KqGSjY4FN";
const LAN_PRINT: &str = "SHA256:zQhK8pnqtf7yboNXECUpoy7EdY+gnkX0I6thkkMhD0o";
const DESK_PRINT: &str = "SHA256:vwpRAEcfCpc2ReeEVdr3LzS60lcQgidWvEPzdwDS2To";
const OLD_PRINT: &str = "SHA256:ceTSHBD6rAUQqf6oLjoGyZSI6BJGmlN7nlUanfieT30";
const P521: &str = "ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBADiCtLZfifgurt2hgEqcRLcx0mQCDqKWL4K48RQXu3GoQa4fFfjCZXiIrTrzsNI5/KSul63CgjH4bEc8lyeCFQlCQHQe3K583EKjmug4duQkywK7/aT05u8gHituiwXi2kV0IAxW51jYx0BlA9yb3DQ+XiajRLxBeDUy9dAZ/Kfg09U1g==";
const PRIVATE: &str = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\nQyNTUxOQAAACDyHlse\n-----END OPENSSH PRIVATE KEY-----\n";

fn staff() -> Vec<StaffLine> {
    let line = |id: &str, name: &str, role, (active, keys, has_pin)| StaffLine {
        id: StaffId(id.to_owned()),
        name: name.to_owned(),
        role,
        active,
        doctor: None,
        keys,
        has_pin,
    };
    vec![
        line("ha", "Hà", Role::Supervisor, (true, 1, true)),
        line("lan", "Lan", Role::Agent, (true, 2, false)),
        line("minh", "Minh", Role::Agent, (true, 0, true)),
        line("tu", "Tú", Role::Agent, (false, 0, false)),
    ]
}

fn keys() -> Vec<StaffKeyLine> {
    let line = |fingerprint: &str, kind: &str, label: &str, day: &str| StaffKeyLine {
        fingerprint: fingerprint.to_owned(),
        staff: StaffId("lan".to_owned()),
        kind: kind.to_owned(),
        label: label.to_owned(),
        added_at: at(day),
        added_by: StaffId("ha".to_owned()),
        added_by_name: "Hà".to_owned(),
    };
    vec![
        line(DESK_PRINT, "ecdsa-sha2-nistp256", "Máy bàn tầng 3", "2026-11-20T08:15:00"),
        line(OLD_PRINT, "ecdsa-sha2-nistp384", "", "2026-11-28T14:02:00"),
    ]
}

impl Bench {
    fn staff() -> Self {
        let mut bench = Self::of(Role::Supervisor);
        let asked = bench.press(Key::char('n'));
        assert_eq!(queries(&asked), [Query::Staff {}]);
        bench.answer(None, Snapshot::Staff { staff: staff() });
        bench
    }

    /// The window of Lan's keys, with the keys read.
    fn lans_keys() -> Self {
        let mut bench = Self::staff();
        bench.press(DOWN);
        let asked = bench.press(Key::char('o'));
        assert_eq!(queries(&asked), [lans()]);
        bench.answer(None, Snapshot::StaffKeys { keys: keys() });
        bench
    }

    fn paste(&mut self, text: &str) -> Vec<Effect> {
        let effects = self.host.paste(text, &self.ctx);
        self.note(effects)
    }

    fn yes(&mut self) -> Vec<Effect> {
        self.answered(CONFIRM, true)
    }

    fn wheel(&mut self, pointer: Pointer) {
        let mouse = Mouse { pointer, column: 20, row: 10 };
        let area = Rect::new(0, 1, 80, 21);
        self.host.mouse(mouse, area, &self.ctx);
    }

    fn typed(&self) -> &str {
        self.host.field().map_or("", Field::text)
    }

    fn error(&self) -> Option<Say> {
        self.host.screen.form().and_then(Form::focused).and_then(|item| item.error.clone())
    }
}

fn lans() -> Query {
    Query::StaffKeys { staff: Some(StaffId("lan".to_owned())) }
}

fn question(effects: &[Effect]) -> Option<&Say> {
    match effects {
        [Effect::Ask(question)] => Some(&question.text),
        _ => None,
    }
}

#[test]
fn a_staff_member_is_added_with_a_role_of_the_own_side() {
    let mut bench = Bench::staff();
    bench.press(Key::char('a'));
    let form = bench.host.screen.form_mut().unwrap();
    form.set_text("login", "mai");
    form.set_text("name", "Mai");
    assert_eq!(bench.press(ENTER), Vec::new());
    let form = bench.host.screen.form_mut().unwrap();
    assert_eq!(form.focused().map(|item| item.id), Some("role"));
    form.choose("role", 1);
    let wanted = AddStaff {
        id: StaffId("mai".to_owned()),
        name: "Mai".to_owned(),
        role: Role::FanpageAdmin,
        doctor: None,
        key: None,
    };
    let sent = bench.press(ENTER);
    assert_eq!(commands(&sent), [Command::AddStaff(wanted)]);
    assert_eq!(queries(&sent), [Query::Staff {}]);
}

#[test]
fn a_staff_member_is_disabled_after_a_yes_and_only_once() {
    let mut bench = Bench::staff();
    bench.press(Key::plain(KeyCode::Down));
    assert!(matches!(&bench.press(Key::char('d'))[..], [Effect::Ask(question)] if question.id == CONFIRM));
    let sent = bench.answered(CONFIRM, true);
    assert_eq!(commands(&sent), [Command::DisableStaff(StaffRef { id: StaffId("lan".to_owned()) })]);
    bench.answer(Some(Receipt::StaffDisabled {}), Snapshot::Staff { staff: staff() });
    bench.press(Key::plain(KeyCode::PageDown));
    assert_eq!(bench.press(Key::char('d')), [Effect::Notice(Tone::Warn, Say::key("over.why.disabled"))]);
}

#[test]
fn a_question_is_about_the_person_it_named_even_when_the_list_moves() {
    let mut bench = Bench::staff();
    bench.press(DOWN);
    bench.press(Key::char('d'));
    bench.changed(Topics::STAFF);
    let mut longer = staff();
    longer.insert(0, StaffLine { id: StaffId("an".to_owned()), ..longer[0].clone() });
    bench.answer(None, Snapshot::Staff { staff: longer });
    assert_eq!(bench.host.screen.staff.chosen().map(|line| line.id.as_str()), Some("lan"));
    let sent = bench.yes();
    assert_eq!(commands(&sent), [Command::DisableStaff(StaffRef { id: StaffId("lan".to_owned()) })]);
    assert_eq!(bench.yes(), Vec::new(), "one question, one command");
}

#[test]
fn a_new_person_may_bring_a_key_and_otherwise_is_chosen_to_get_one() {
    let mut bench = Bench::staff();
    for key in [Some(LAN), None] {
        bench.press(Key::char('a'));
        let form = bench.host.screen.form_mut().unwrap();
        form.set_text("login", "mai");
        form.set_text("name", "Mai");
        form.choose("role", 0);
        form.focus_on("key");
        bench.paste(key.unwrap_or_default());
        let sent = bench.press(ENTER);
        let [Command::AddStaff(add)] = &commands(&sent)[..] else { panic!("{sent:?}") };
        assert_eq!(add.key.as_deref(), key);
        let mut after = staff();
        let mai =
            StaffLine { id: StaffId("mai".to_owned()), keys: i64::from(key.is_some()), ..after[2].clone() };
        after.insert(2, mai);
        let receipt = Receipt::StaffAdded { staff: StaffId("mai".to_owned()), role: Role::Agent, key: None };
        let effects = bench.answer(Some(receipt), Snapshot::Staff { staff: after });
        let words = if key.is_some() { "over.say.staff" } else { "over.say.staff_no_key" };
        assert_eq!(effects, [Effect::ok(Say::key(words).with("staff", "mai"))]);
        assert_eq!(bench.host.screen.staff.chosen().map(|line| line.id.as_str()), Some("mai"));
        bench = Bench::staff();
    }
}

#[test]
fn a_pasted_key_is_shown_with_its_fingerprint_before_it_is_added() {
    let mut bench = Bench::lans_keys();
    bench.press(Key::char('a'));
    bench.paste(&format!("{LAN} Máy của Lan\r\n"));
    let drawn = bench.draw(80, 21);
    assert!(drawn.contains("✓ ssh-ed25519 · Máy của Lan") && drawn.contains(LAN_PRINT), "{drawn}");
    let sent = bench.press(ENTER);
    let key = format!("{LAN} Máy của Lan");
    assert_eq!(commands(&sent), [Command::AddStaffKey(AddStaffKey { id: StaffId("lan".to_owned()), key })]);
    assert_eq!(queries(&sent), [lans()]);
    let mut after = keys();
    after.push(StaffKeyLine { fingerprint: LAN_PRINT.to_owned(), ..after[0].clone() });
    let receipt = Receipt::StaffKeyAdded { fingerprint: LAN_PRINT.to_owned() };
    let effects = bench.answer(Some(receipt), Snapshot::StaffKeys { keys: after });
    assert_eq!(effects, [Effect::ok(Say::key("over.say.key_added").with("name", "Lan"))]);
    let chosen = bench.host.screen.key_list().and_then(KeyWindow::chosen);
    assert_eq!(chosen.map(|(key, _)| key.fingerprint.as_str()), Some(LAN_PRINT));
    assert_eq!(queries(&bench.press(ESC)), [Query::Staff {}], "the page counts keys");
}

#[test]
fn telex_leaves_the_letters_of_a_key_alone() {
    let mut bench = Bench::lans_keys();
    bench.press(Key::char('a'));
    for c in LAN.chars() {
        bench.press(Key::char(c));
    }
    assert_eq!(bench.typed(), LAN);
}

#[test]
fn what_is_no_new_key_marks_the_field_and_sends_nothing() {
    let mut bench = Bench::lans_keys();
    bench.press(Key::char('a'));
    let p256 = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBACJLvoloZv9+mGW2x5R8yhSNi6vKwA1rjrORa7Ek31NzOkGZe5cmWnzTs4+al7dngYnqB47cxnBs70UZUbgB64=";
    let refused = |reason| Say::from(Refusal::FieldInvalid { field: "key", reason });
    for (text, error) in [
        ("", refused("empty")),
        ("chào buổi sáng", refused("not_a_key")),
        (&LAN[..60], refused("not_a_key")),
        (&format!("{LAN}\n{p256}"), refused("one_line")),
        (p256, Say::key("over.key.duplicate")),
    ] {
        bench.host.screen.form_mut().unwrap().set_text("key", "");
        bench.paste(text);
        assert_eq!(bench.press(ENTER), Vec::new(), "{text}");
        assert_eq!(bench.error(), Some(error), "{text}");
    }
}

#[test]
fn a_refusal_of_the_door_keeps_the_key_and_marks_the_field() {
    for (reason, words) in
        [("taken", "over.key.taken"), ("duplicate", "over.key.duplicate"), ("too_many", "over.key.too_many")]
    {
        let mut bench = Bench::lans_keys();
        bench.press(Key::char('a'));
        bench.paste(LAN);
        bench.press(ENTER);
        bench.refuse(Refusal::FieldInvalid { field: "key", reason });
        assert_eq!((bench.error(), bench.typed()), (Some(Say::key(words)), LAN));
    }
}

#[test]
fn a_private_key_is_wiped_at_once_and_told_whichever_field_it_was_pasted_into() {
    let told = [Effect::Notice(Tone::Danger, Say::key("over.say.private_key"))];
    let mut bench = Bench::lans_keys();
    bench.press(Key::char('a'));
    assert_eq!(bench.paste(PRIVATE), told);
    assert_eq!((bench.typed(), bench.error()), ("", Some(Say::key("over.key.private"))));
    assert!(!bench.draw(80, 21).contains("b3Bl"));
    let mut bench = Bench::staff();
    bench.press(Key::char('a'));
    for field in ["login", "name", "key"] {
        bench.host.screen.form_mut().unwrap().focus_on(field);
        assert_eq!(bench.paste(PRIVATE), told, "{field}");
        assert_eq!(bench.typed(), "");
    }
}

#[test]
fn a_private_key_that_comes_letter_by_letter_leaves_nothing_and_a_public_one_may_follow() {
    let mut bench = Bench::lans_keys();
    bench.press(Key::char('a'));
    for c in PRIVATE.chars() {
        bench.press(if c == '\n' { ENTER } else { Key::char(c) });
    }
    assert!(bench.typed().is_empty(), "{} letters are left", bench.typed().len());
    bench.paste(LAN);
    assert_eq!(bench.typed(), LAN);
    assert_eq!(commands(&bench.press(ENTER)).len(), 1);
    let receipt = Receipt::StaffKeyAdded { fingerprint: LAN_PRINT.to_owned() };
    bench.answer(Some(receipt), Snapshot::StaffKeys { keys: keys() });
    bench.press(Key::char('a'));
    bench.paste("chào");
    assert_eq!(bench.typed(), "chào", "the guard begins anew");
}

#[test]
fn a_hundred_kilobytes_are_cut_and_refused() {
    let mut bench = Bench::lans_keys();
    bench.press(Key::char('a'));
    bench.paste(&"AAAAB3NzaC1yc2E ".repeat(6_400));
    assert!(bench.typed().len() <= 1_000);
    bench.draw(80, 21);
    bench.draw(20, 5);
    assert_eq!(bench.press(ENTER), Vec::new());
    assert!(bench.error().is_some());
}

#[test]
fn a_key_is_removed_after_a_yes_that_names_it_and_its_person() {
    let mut bench = Bench::lans_keys();
    let asked = bench.press(Key::char('d'));
    let wanted = Say::key("over.ask.remove_key").with("label", "Máy bàn tầng 3").with("name", "Lan");
    assert_eq!(question(&asked), Some(&wanted));
    // A colleague removes another key meanwhile.
    bench.changed(Topics::STAFF);
    bench.answer(None, Snapshot::StaffKeys { keys: keys()[1..].to_vec() });
    let sent = bench.yes();
    let command = RemoveStaffKey { id: StaffId("lan".to_owned()), fingerprint: DESK_PRINT.to_owned() };
    assert_eq!(commands(&sent), [Command::RemoveStaffKey(command)]);
    bench.answer(Some(Receipt::StaffKeyRemoved {}), Snapshot::StaffKeys { keys: Vec::new() });
    assert_eq!(bench.press(Key::char('d')), [Effect::Notice(Tone::Warn, Say::key("over.why.no_key"))]);
    assert!(bench.draw(80, 21).contains("Chưa có khóa nào."));
}

#[test]
fn a_no_removes_nothing() {
    let mut bench = Bench::lans_keys();
    bench.press(Key::char('d'));
    assert_eq!(bench.answered(CONFIRM, false), Vec::new());
    assert_eq!(bench.yes(), Vec::new());
}

#[test]
fn the_window_follows_what_others_change_until_a_key_is_typed() {
    let mut bench = Bench::lans_keys();
    assert_eq!(queries(&bench.changed(Topics::STAFF)), [lans()]);
    bench.answer(None, Snapshot::StaffKeys { keys: keys() });
    bench.press(Key::char('a'));
    assert_eq!(bench.changed(Topics::STAFF), Vec::new());
}

#[test]
fn esc_goes_from_the_field_to_the_list_to_the_page_and_asks_when_something_was_typed() {
    let mut bench = Bench::lans_keys();
    bench.press(Key::char('a'));
    bench.paste(LAN);
    assert_eq!(question(&bench.press(ESC)), Some(&Say::key("form.discard")));
    bench.answered(DISCARD, true);
    assert!(bench.host.field().is_none() && bench.host.screen.key_list().is_some());
    bench.press(ESC);
    assert!(bench.host.screen.on_page());
}

#[test]
fn the_wheel_moves_in_the_list_that_has_the_focus() {
    let mut bench = Bench::lans_keys();
    bench.wheel(Pointer::WheelDown);
    let chosen = |bench: &Bench| {
        bench.host.screen.key_list().and_then(KeyWindow::chosen).map(|(key, _)| key.fingerprint.clone())
    };
    assert_eq!(chosen(&bench).as_deref(), Some(OLD_PRINT));
    bench.wheel(Pointer::WheelUp);
    assert_eq!(chosen(&bench).as_deref(), Some(DESK_PRINT));
    bench.press(Key::char('a'));
    bench.wheel(Pointer::WheelDown);
    bench.press(ESC);
    assert_eq!(chosen(&bench).as_deref(), Some(DESK_PRINT));
    assert_eq!(bench.host.screen.staff.chosen().map(|line| line.id.as_str()), Some("lan"));
}

#[test]
fn a_forgotten_pin_is_taken_away_where_there_is_one() {
    let mut bench = Bench::staff();
    let asked = bench.press(Key::char('m'));
    assert_eq!(question(&asked), Some(&Say::key("over.ask.clear_pin").with("name", "Hà")));
    let sent = bench.yes();
    assert_eq!(commands(&sent), [Command::ClearPin(StaffRef { id: StaffId("ha".to_owned()) })]);
    assert_eq!(queries(&sent), [Query::Staff {}]);
    let effects = bench.answer(Some(Receipt::PinCleared {}), Snapshot::Staff { staff: staff() });
    assert_eq!(effects, [Effect::ok(Say::key("over.say.pin_cleared"))]);
    bench.press(DOWN);
    assert_eq!(bench.press(Key::char('m')), [Effect::Notice(Tone::Warn, Say::key("over.why.no_pin"))]);
}

#[test]
fn a_disabled_person_gets_no_keys() {
    let mut bench = Bench::staff();
    bench.press(Key::plain(KeyCode::PageDown));
    assert_eq!(bench.press(Key::char('o')), [Effect::Notice(Tone::Warn, Say::key("over.why.disabled"))]);
}

#[test]
fn pictures_of_the_staff() {
    let mut bench = Bench::staff();
    insta::assert_snapshot!("staff_80", bench.draw(80, 21));
    insta::assert_snapshot!("staff_120", bench.draw(120, 33));
    bench.press(ENTER);
    insta::assert_snapshot!("staff_form_120", bench.draw(120, 33));
    bench.press(ESC);
    bench.press(Key::char('a'));
    insta::assert_snapshot!("staff_new_80", bench.draw(80, 21));
    bench.host.screen.form_mut().unwrap().focus_on("key");
    bench.paste(P521);
    insta::assert_snapshot!("staff_new_key_80", bench.draw(80, 21));
}

#[test]
fn pictures_of_the_keys() {
    let mut bench = Bench::lans_keys();
    insta::assert_snapshot!("keys_80", bench.draw(80, 21));
    insta::assert_snapshot!("keys_120", bench.draw(120, 33));
    bench.press(Key::char('a'));
    insta::assert_snapshot!("keys_add_80", bench.draw(80, 21));
    bench.paste(PRIVATE);
    insta::assert_snapshot!("keys_private_80", bench.draw(80, 21));
    bench.paste(&format!("{LAN} Máy của Lan"));
    bench.ctx.lang = Lang::En;
    insta::assert_snapshot!("keys_recognised_120_en", bench.draw(120, 33));
}
