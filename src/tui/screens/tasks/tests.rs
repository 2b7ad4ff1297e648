//! Tests of the tasks by messages and effects, and snapshots inside the frame, which takes three rows.

use super::*;
use crate::domain::actor::Role;
use crate::domain::id::{CaseId, MatterId, RegistrationId, StaffId, TaskId};
use crate::domain::lang::Lang;
use crate::domain::task::{TaskAbout, TaskKind, TaskState};
use crate::domain::time::Timestamp;
use crate::tui::effect::{Origin, Reply, Subject, Ticket};
use crate::tui::fixture::{at, ctx, drawn};
use crate::tui::input::{Key, KeyCode};
use crate::tui::keys::{clashes, missing_texts, shared_keys};
use crate::tui::screen::{AnyScreen, ScreenHost, Taken};
use crate::usecase::command::{AfterComplaint, AssignTask, CloseTask, CorrectRegistration, Patient, TaskRef};
use crate::usecase::model::task::{TaskModel, TaskPage};
use crate::usecase::{Command, Query, Receipt, Snapshot};

const ENTER: Key = Key::plain(KeyCode::Enter);

fn task(id: i64, kind: TaskKind, about: TaskAbout, name: &str, due: &str) -> TaskModel {
    TaskModel {
        task: TaskId(id),
        kind,
        about,
        role: kind.role(about),
        state: TaskState::Open,
        owner: None,
        due_at: at(due),
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        phone_masked: Some("0904 *** 456".to_owned()).filter(|_| !name.is_empty()),
        phone: None,
        case: None,
        note: None,
        opened_at: at("2026-12-01T09:12:00"),
        opened_by: StaffId("lan".to_owned()),
        closed_at: None,
        closed_by: None,
        closing_note: None,
    }
}

fn tasks() -> Vec<TaskModel> {
    let registration = |id| TaskAbout::Registration(RegistrationId(id));
    let complaint = task(
        1,
        TaskKind::Complaint,
        TaskAbout::Matter(MatterId(5)),
        "Nguyễn Văn Hùng",
        "2026-12-02T09:12:00",
    );
    let complaint = TaskModel {
        note: Some(
            "Khách nói bị gọi ba lần trong tuần dù đã hẹn gọi lại vào thứ Bảy; muốn nghe người phụ trách giải thích."
                .to_owned(),
        ),
        ..complaint
    };
    let returned = task(2, TaskKind::HandoverReturned, registration(22), "Phạm Thuý", "2026-12-02T11:40:00");
    let returned = TaskModel {
        note: Some("sai năm sinh".to_owned()),
        owner: Some(StaffId("lan".to_owned())),
        opened_by: StaffId("thu".to_owned()),
        ..returned
    };
    let promoted = task(3, TaskKind::PromotedToTell, registration(31), "Lê Hoà", "2026-12-02T16:00:00");
    let register = task(4, TaskKind::RegisterExpiring, TaskAbout::Register, "", "2026-12-03T08:00:00");
    vec![complaint, returned, promoted, register]
}

struct Bench {
    host: ScreenHost<TasksScreen>,
    ctx: Ctx,
    n: u64,
}

impl Bench {
    fn opened(role: Role) -> Self {
        let host = ScreenHost::new(Origin::Tasks, TasksScreen::new());
        let mut bench = Self { host, ctx: ctx(role), n: 0 };
        bench.host.open(None, &bench.ctx);
        bench.bring(None, tasks());
        bench
    }

    /// Answers the next job with a receipt and the list.
    fn bring(&mut self, receipt: Option<Receipt>, tasks: Vec<TaskModel>) -> Vec<Effect> {
        let total = tasks.len() as i64;
        self.answer(receipt, vec![Snapshot::Tasks(TaskPage { tasks, total, offset: 0 })])
    }

    fn answer(&mut self, receipt: Option<Receipt>, snapshots: Vec<Snapshot>) -> Vec<Effect> {
        self.n += 1;
        let reply = Reply { ticket: Ticket::of(Origin::Tasks, self.n), outcome: Ok((receipt, snapshots)) };
        self.host.reply(reply, &self.ctx)
    }

    fn press(&mut self, key: Key) -> Vec<Effect> {
        match self.host.key(key, &self.ctx) {
            Taken::Yes(effects) => effects,
            Taken::No => panic!("{key} is not bound"),
        }
    }

    fn down(&mut self, rows: usize) {
        for _ in 0..rows {
            self.press(Key::plain(KeyCode::Down));
        }
    }

    fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            self.press(Key::char(letter));
        }
    }

    fn draw(&self, width: u16, height: u16) -> String {
        drawn(width, height, |frame, area| self.host.view(frame, area, &self.ctx))
    }
}

fn command(effects: &[Effect]) -> Command {
    match effects {
        [Effect::Run(job)] => job.command.clone().expect("a command"),
        other => panic!("{other:?}"),
    }
}

fn queries(effects: &[Effect]) -> Vec<Query> {
    match effects {
        [Effect::Run(job)] => job.then.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_tasks_at_both_sizes() {
    let bench = Bench::opened(Role::Supervisor);
    insta::assert_snapshot!("tasks_120", bench.draw(120, 33));
    insta::assert_snapshot!("tasks_80", bench.draw(80, 21));
    let mut bench = Bench::opened(Role::Supervisor);
    bench.ctx.lang = Lang::En;
    insta::assert_snapshot!("tasks_80_en", bench.draw(80, 21));
    bench.ctx.lang = Lang::Vi;
    bench.press(Key::char('d'));
    insta::assert_snapshot!("tasks_close_80", bench.draw(80, 21));
    let mut bench = Bench::opened(Role::Supervisor);
    bench.down(1);
    bench.press(Key::char('s'));
    insta::assert_snapshot!("tasks_correct_80", bench.draw(80, 21));
}

#[test]
fn every_kind_is_read_whole_at_80_columns_in_both_languages() {
    for lang in [Lang::Vi, Lang::En] {
        for kind in TaskKind::ALL {
            let mut bench = Bench::opened(Role::Supervisor);
            bench.ctx.lang = lang;
            bench.host.changed(Topics::TASKS, &bench.ctx);
            let about = TaskAbout::Registration(RegistrationId(22));
            bench.bring(None, vec![task(1, kind, about, "Công Tằng Tôn Nữ", "2026-12-02T09:12:00")]);
            let drawn = bench.draw(80, 21);
            let row = drawn.lines().find(|line| line.contains('▌')).unwrap_or_default();
            assert!(row.contains(&kind.label(lang)) && row.contains("Công Tằng Tôn Nữ"), "{kind:?}: {drawn}");
        }
    }
}

#[test]
fn an_empty_list_shows_that_nothing_waits() {
    let mut bench = Bench::opened(Role::Agent);
    bench.host.changed(Topics::TASKS, &bench.ctx);
    bench.bring(None, Vec::new());
    assert!(bench.draw(80, 21).contains("Không có việc nào chờ"));
}

#[test]
fn a_key_has_one_meaning_and_its_texts() {
    for role in Role::ALL {
        let mut bench = Bench::opened(role);
        for _ in 0..4 {
            assert_eq!(shared_keys(&bench.host.live(&bench.ctx)), Vec::<String>::new(), "{role:?}");
            bench.down(1);
        }
    }
    let rows = Bench::opened(Role::Supervisor).host.all_rows();
    assert_eq!(clashes(&rows), Vec::<String>::new());
    for lang in [Lang::Vi, Lang::En] {
        assert_eq!(missing_texts(&rows, lang), Vec::<String>::new());
    }
}

#[test]
fn a_task_is_taken_and_given_back_by_one_key() {
    let mut bench = Bench::opened(Role::Supervisor);
    let taken = AssignTask::to_me(TaskId(1));
    assert_eq!(command(&bench.press(Key::char('n'))), Command::AssignTask(taken.clone()));
    let owner = Some(StaffId("lan".to_owned()));
    let mut mine = tasks();
    mine[0].owner.clone_from(&owner);
    bench.bring(Some(Receipt::TaskAssigned { owner }), mine);
    assert!(bench.host.rows(&bench.ctx).iter().any(|row| row.name == "tasks.give_back"));
    let back = AssignTask { nobody: true, ..taken };
    assert_eq!(command(&bench.press(Key::char('n'))), Command::AssignTask(back));
}

#[test]
fn a_complaint_is_closed_with_a_note_and_what_follows_and_opened_again_for_two_minutes() {
    let mut bench = Bench::opened(Role::Supervisor);
    bench.press(Key::char('d'));
    assert_eq!(bench.press(ENTER), [], "a note is missing");
    bench.type_text("xin loi");
    let close = CloseTask { task: TaskId(1), note: "xin loi".to_owned(), then: Some(AfterComplaint::Stop) };
    assert_eq!(command(&bench.press(ENTER)), Command::CloseTask(close));
    let done = bench.bring(Some(Receipt::TaskClosed {}), tasks()[1..].to_vec());
    assert_eq!(done, [Effect::ok(crate::tui::say::Say::key("tasks.say.closed"))]);
    assert_eq!(command(&bench.press(Key::char('u'))), Command::ReopenTask(TaskRef { task: TaskId(1) }));
    bench.bring(Some(Receipt::TaskReopened {}), tasks());
    assert_eq!(bench.host.screen.undo, None);
}

#[test]
fn the_undo_goes_when_its_time_is_over() {
    let mut bench = Bench::opened(Role::Supervisor);
    bench.host.screen.undo = Some((TaskId(1), bench.ctx.now));
    bench.host.tick(&bench.ctx);
    assert!(bench.host.screen.undo.is_some());
    bench.ctx.now = Timestamp(bench.ctx.now.ms() + 1);
    bench.host.tick(&bench.ctx);
    assert!(bench.host.screen.undo.is_none());
}

#[test]
fn a_returned_row_is_corrected_with_an_answer_and_not_closed_with_words() {
    let mut bench = Bench::opened(Role::Supervisor);
    bench.down(1);
    assert!(matches!(bench.press(Key::char('d')).as_slice(), [Effect::Notice(..)]));
    bench.press(Key::char('s'));
    for _ in 0..3 {
        bench.press(Key::plain(KeyCode::Tab));
    }
    bench.type_text("1980");
    for _ in 0..2 {
        bench.press(Key::plain(KeyCode::Tab));
    }
    bench.type_text("dung");
    let correct = CorrectRegistration {
        registration: RegistrationId(22),
        name: Some("Phạm Thuý".to_owned()),
        phone: None,
        patient: Some(Patient {
            name: "Phạm Thuý".to_owned(),
            birth_year: 1980,
            representative: None,
            agrees: None,
        }),
        note: Some("dung".to_owned()),
    };
    assert_eq!(command(&bench.press(ENTER)), Command::CorrectRegistration(correct));
}

#[test]
fn enter_opens_the_customer_for_mobifone_and_the_case_for_vinmec() {
    let mut bench = Bench::opened(Role::Supervisor);
    assert_eq!(queries(&bench.press(ENTER)), [Query::Task { task: TaskId(1) }]);
    let found = TaskModel { phone: Some("+84904123456".to_owned()), ..tasks()[0].clone() };
    assert_eq!(
        bench.answer(None, vec![Snapshot::Task(Box::new(found))]),
        [Effect::Goto(Origin::Register, Some(Subject::Phone("+84904123456".to_owned())))]
    );
    let mut bench = Bench::opened(Role::VinmecLead);
    bench.press(ENTER);
    let found = TaskModel { case: Some(CaseId(7)), ..tasks()[0].clone() };
    assert_eq!(
        bench.answer(None, vec![Snapshot::Task(Box::new(found))]),
        [Effect::Goto(Origin::Schedule, Some(Subject::Case(CaseId(7))))]
    );
}

#[test]
fn an_old_register_says_how_it_is_loaded() {
    let mut bench = Bench::opened(Role::Supervisor);
    bench.down(3);
    assert!(matches!(bench.press(ENTER).as_slice(), [Effect::Show { .. }]));
}

#[test]
fn a_complaint_is_called_and_escape_leaves_the_tasks() {
    let mut bench = Bench::opened(Role::Supervisor);
    assert_eq!(
        bench.press(Key::char('g')),
        [Effect::Goto(Origin::Calls, Some(Subject::Matter(MatterId(5))))]
    );
    assert_eq!(bench.press(Key::plain(KeyCode::Esc)), [Effect::Back]);
}

#[test]
fn the_lists_follow_each_other() {
    let mut bench = Bench::opened(Role::Agent);
    let mine = bench.press(Key::plain(KeyCode::Right));
    assert!(matches!(queries(&mine)[0], Query::Tasks { mine: true, .. }));
    let closed = bench.press(Key::plain(KeyCode::Right));
    assert!(matches!(queries(&closed)[0], Query::Tasks { state: Some(TaskState::Closed), .. }));
    let open = bench.press(Key::plain(KeyCode::Right));
    assert!(matches!(queries(&open)[0], Query::Tasks { mine: false, state: Some(TaskState::Open), .. }));
}
