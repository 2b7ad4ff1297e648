//! The lists behind the figures: opened by Enter, turned by pages, ordered by name, written to a file.

use super::*;
use crate::domain::disposition::Disposition;
use crate::domain::figure::Figure;
use crate::domain::id::{CaseId, CustomerId};
use crate::tui::effect::Subject;
use crate::tui::keys::shared_keys;
use crate::usecase::command::RevealPhone;
use crate::usecase::model::people::{PeopleOrder, PeoplePage, PersonLine};

fn people(behind: Figure, total: i64, offset: i64) -> Snapshot {
    let person = |id: i64, name: &str, detail: Option<&str>| PersonLine {
        customer: Some(CustomerId(id)),
        name: name.to_owned(),
        phone: format!("0904 *** {id:03}"),
        at: Some(at("2026-12-01T10:02:00")),
        detail: detail.map(ToOwned::to_owned),
        registration: None,
        seat: None,
        case: None,
    };
    let people = vec![
        person(101, "Nguyễn Văn Hùng", Some("declined")),
        person(102, "Lê Hoà", Some("declined")),
        person(103, "Đỗ Thị Ánh", None),
    ];
    Snapshot::People(PeoplePage { behind, people, order: PeopleOrder::Figure, total, more: false, offset })
}

fn asked(effects: &[Effect]) -> (Figure, PeopleOrder, u32) {
    match queries(effects).as_slice() {
        [Query::People { behind, order, offset, .. }] => (behind.clone(), *order, *offset),
        other => panic!("{other:?}"),
    }
}

/// The page of figures, opened from the board.
fn figures_page(role: Role) -> Bench {
    let mut bench = Bench::of(role);
    assert_eq!(queries(&bench.press(ENTER)), [Query::Overview {}]);
    bench.answer(None, Snapshot::Overview(figures()));
    bench
}

/// The list of those who declined.
fn declined() -> Bench {
    let mut bench = figures_page(Role::Supervisor);
    while bench.host.screen.lists.chosen() != Some(&Figure::Ended(Disposition::Declined)) {
        bench.press(DOWN);
    }
    let first = (Figure::Ended(Disposition::Declined), PeopleOrder::Figure, 0);
    assert_eq!(asked(&bench.press(ENTER)), first);
    bench.answer(None, people(Figure::Ended(Disposition::Declined), 905, 0));
    bench
}

#[test]
fn the_figures_and_a_list_at_both_sizes() {
    let bench = figures_page(Role::Supervisor);
    insta::assert_snapshot!("lists_120", bench.draw(120, 33));
    let bench = declined();
    insta::assert_snapshot!("people_120", bench.draw(120, 33));
    insta::assert_snapshot!("people_80", bench.draw(80, 21));
}

#[test]
fn each_side_is_named_its_own_figures_alone() {
    let shown = figures_page(Role::VinmecLead).draw(120, 33);
    assert!(
        shown.contains("Ca: ") && shown.contains("Vinmec trả lại") && !shown.contains("Đã gọi"),
        "{shown}"
    );
    let shown = figures_page(Role::Agent).draw(120, 40);
    assert!(!shown.contains("Ca: ") && !shown.contains("115") && shown.contains("Đã gọi"), "{shown}");
    let mut auditor = Bench::of(Role::Auditor);
    let refused = [Effect::Notice(Tone::Warn, Say::from(Refusal::Forbidden { act: May::OpenLists }))];
    assert_eq!(auditor.press(ENTER), refused, "an auditor reads counts, and nobody by name");
    assert_eq!(auditor.char('l'), refused);
}

#[test]
fn a_list_is_turned_by_pages_and_ordered_by_name() {
    let mut bench = declined();
    let figure = Figure::Ended(Disposition::Declined);
    assert_eq!(bench.press(Key::plain(KeyCode::Left)), [], "there is no page before the first");
    let next = bench.press(Key::plain(KeyCode::Right));
    assert_eq!(asked(&next), (figure.clone(), PeopleOrder::Figure, 100));
    bench.answer(None, people(figure.clone(), 905, 100));
    assert_eq!(asked(&bench.char('t')), (figure, PeopleOrder::Name, 0), "from the beginning");
}

#[test]
fn escape_returns_to_the_figures_and_the_cursor_is_where_it_was() {
    let mut bench = declined();
    assert!(bench.changed(Topics::ALL).is_empty(), "a list stays as it was read");
    assert_eq!(queries(&bench.press(ESC)), [Query::Overview {}]);
    assert_eq!(bench.host.screen.lists.chosen(), Some(&Figure::Ended(Disposition::Declined)));
}

#[test]
fn one_escape_after_the_other_leads_from_the_people_to_the_board() {
    let mut bench = declined();
    bench.press(ESC);
    bench.answer(None, Snapshot::Overview(figures()));
    bench.press(ESC);
    assert_eq!(bench.host.screen.page, Page::Board);
}

#[test]
fn an_agents_calls_open_from_their_table_and_return_to_it() {
    let mut bench = Bench::of(Role::Supervisor);
    bench.char('v');
    bench.answer(None, Snapshot::Overview(figures()));
    let (figure, _, _) = asked(&bench.press(ENTER));
    assert_eq!(figure, Figure::CallsOf(StaffId("lan".to_owned())));
    bench.answer(None, people(figure, 3, 0));
    assert!(bench.draw(120, 33).contains("Lan · 1–3/3"));
    bench.press(ESC);
    assert_eq!(bench.host.screen.page, Page::Agents);
}

#[test]
fn enter_opens_the_customer_whose_number_is_read_and_audited_for_it() {
    let mut bench = declined();
    let wanted = Command::RevealPhone(RevealPhone { customer: CustomerId(101) });
    assert_eq!(commands(&bench.press(ENTER)), [wanted]);
    let receipt = Receipt::PhoneRevealed { phone: "+84904123101".to_owned() };
    let effects = bench.answer(Some(receipt), Snapshot::Overview(figures()));
    let page = Effect::Goto(Origin::Register, Some(Subject::Phone("+84904123101".to_owned())));
    assert!(effects.contains(&page), "{effects:?}");
}

#[test]
fn enter_opens_the_case_for_the_hospital() {
    let mut bench = figures_page(Role::VinmecLead);
    while bench.host.screen.lists.chosen() != Some(&Figure::ToBook) {
        bench.press(DOWN);
    }
    bench.press(ENTER);
    let Snapshot::People(mut page) = people(Figure::ToBook, 3, 0) else { panic!("no page") };
    page.people[0].case = Some(CaseId(7));
    bench.answer(None, Snapshot::People(page));
    let case = Effect::Goto(Origin::Schedule, Some(Subject::Case(CaseId(7))));
    assert_eq!(bench.press(ENTER), [case]);
    bench.press(DOWN);
    let nowhere = Effect::Notice(Tone::Info, Say::key("over.say.nowhere"));
    assert_eq!(bench.press(ENTER), [nowhere], "a row without a case");
}

#[test]
fn a_list_is_written_to_a_new_file_with_a_name_for_it() {
    let mut bench = declined();
    bench.char('E');
    let written = bench.press(ENTER);
    let [Effect::Export(export)] = written.as_slice() else { panic!("{written:?}") };
    assert_eq!(export.figure, Figure::Ended(Disposition::Declined));
    assert_eq!(export.file, "ended-declined-2026-12-02.xlsx");
    bench.ticket = export.ticket;
    let notices = bench.answer(None, Snapshot::Exported { file: export.file.clone(), rows: 905 });
    let wanted =
        Say::key("over.say.exported").with("rows", 905).with("file", "ended-declined-2026-12-02.xlsx");
    assert_eq!(notices, [Effect::ok(wanted)]);
    let mut agent = figures_page(Role::Agent);
    agent.press(ENTER);
    agent.answer(None, people(Figure::List, 3, 0));
    assert_eq!(
        agent.char('e'),
        [Effect::Notice(Tone::Warn, Say::from(Refusal::Forbidden { act: May::Export }))]
    );
}

#[test]
fn no_key_means_two_things_over_a_list() {
    for role in Role::ALL.into_iter().filter(|role| role.may(May::OpenLists)) {
        let mut bench = figures_page(role);
        assert_eq!(shared_keys(&bench.host.live(&bench.ctx)), Vec::<String>::new(), "{role:?}");
        bench.press(ENTER);
        assert_eq!(shared_keys(&bench.host.live(&bench.ctx)), Vec::<String>::new(), "{role:?}");
    }
}
