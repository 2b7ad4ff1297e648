//! Tasks through the door.

use super::{NewTask, close_about, open};
use crate::domain::actor::{Permission, Role};
use crate::domain::contact::Purpose;
use crate::domain::disposition::Disposition;
use crate::domain::id::{BatchId, CaseId, CustomerId, MatterId, RegistrationId, TaskId};
use crate::domain::task::{TaskAbout, TaskKind, TaskState};
use crate::domain::time::Timestamp;
use crate::store::staff;
use crate::usecase::command::{
    AfterComplaint, AssignTask, CancelRegistration, Channel, Claim, CloseTask, Command, CorrectRegistration,
    RecordCall, Register, StaffRef, TaskRef,
};
use crate::usecase::ctx::Ctx;
use crate::usecase::door::Door;
use crate::usecase::fixture::{
    CUSTOMERS, ask, at, campaign, claim, form, hotline, hotline_with, id, number, register, rule, run, state,
};
use crate::usecase::intake::fixture::cases;
use crate::usecase::model::task::{TaskCount, TaskModel, TaskPage};
use crate::usecase::query::{Query, Snapshot};
use crate::usecase::receipt::Receipt;

const NINE: &str = "2026-12-01T09:00";

/// Opens a task as what happened to `who`.
fn opened(door: &Door, who: &str, kind: TaskKind, about: TaskAbout, note: Option<&'static str>) -> TaskId {
    let who = id(who);
    door.store()
        .write(move |tx| {
            let actor = staff::find_active(tx, &who)?.unwrap();
            let ctx = Ctx { actor: &actor, now: at(NINE), campaign: &campaign() };
            open(tx, &ctx, &NewTask { kind, about, note, due_at: None })
        })
        .unwrap()
}

fn done(door: &Door, who: &str, kind: TaskKind, about: TaskAbout) -> bool {
    let who = id(who);
    door.store()
        .write(move |tx| {
            let actor = staff::find_active(tx, &who)?.unwrap();
            let ctx = Ctx { actor: &actor, now: at(NINE), campaign: &campaign() };
            close_about(tx, &ctx, kind, about)
        })
        .unwrap()
}

fn page(door: &Door, who: &str, mine: bool, state: TaskState) -> TaskPage {
    let query = Query::Tasks { mine, state: Some(state), kind: None, offset: 0, limit: 50 };
    match ask(door, who, at(NINE), query).unwrap() {
        Snapshot::Tasks(page) => page,
        other => panic!("{other:?}"),
    }
}

fn listed(door: &Door, who: &str) -> Vec<TaskId> {
    page(door, who, false, TaskState::Open).tasks.into_iter().map(|task| task.task).collect()
}

fn one(door: &Door, who: &str, task: TaskId) -> TaskModel {
    match ask(door, who, at(NINE), Query::Task { task }).unwrap() {
        Snapshot::Task(task) => *task,
        other => panic!("{other:?}"),
    }
}

fn waiting(door: &Door, who: &str, now: Timestamp) -> TaskCount {
    match ask(door, who, now, Query::Status {}).unwrap() {
        Snapshot::Status(line) => line.tasks,
        other => panic!("{other:?}"),
    }
}

fn close(task: TaskId, note: &str) -> Command {
    Command::CloseTask(CloseTask { task, note: note.to_owned(), then: None })
}

fn give(task: TaskId, who: &str) -> Command {
    Command::AssignTask(AssignTask { task, staff: Some(id(who)), nobody: false })
}

fn take(task: TaskId) -> Command {
    Command::AssignTask(AssignTask::to_me(task))
}

const TELL: (TaskKind, TaskAbout) = (TaskKind::PromotedToTell, TaskAbout::Registration(RegistrationId(1)));

/// A task that all agents see.
fn to_tell(door: &Door) -> TaskId {
    opened(door, "ha", TELL.0, TELL.1, None)
}

#[test]
fn a_complaint_on_the_phone_waits_for_the_supervisor_with_customer_note_and_agent() {
    let door = hotline();
    let matter = claim(&door, "lan", at(NINE));
    let call = RecordCall {
        note: Some("Gọi đúng giờ nghỉ trưa".to_owned()),
        ..RecordCall::new(matter, Disposition::Complaint)
    };
    run(&door, "lan", at(NINE), Command::RecordCall(call)).unwrap();
    let tasks = page(&door, "ha", false, TaskState::Open);
    assert_eq!(tasks.total, 1);
    let task = &tasks.tasks[0];
    assert_eq!((task.kind, task.about), (TaskKind::Complaint, TaskAbout::Matter(matter)));
    assert_eq!(task.name.as_deref(), Some("Nguyễn Văn Hùng"));
    assert_eq!(task.phone_masked.as_deref(), Some("0904 *** 401"));
    assert_eq!(task.note.as_deref(), Some("Gọi đúng giờ nghỉ trưa"));
    assert_eq!((task.opened_by.as_str(), task.due_at), ("lan", at("2026-12-02T09:00")));
    for other in ["lan", "minh", "nga", "thu", "quan"] {
        assert_eq!(listed(&door, other), [], "{other}");
    }
}

#[test]
fn a_complaint_that_was_recorded_by_mistake_goes_with_its_call() {
    let door = hotline();
    let matter = claim(&door, "lan", at(NINE));
    run(&door, "lan", at(NINE), Command::RecordCall(RecordCall::new(matter, Disposition::Complaint)))
        .unwrap();
    let undo = crate::usecase::command::MatterRef { matter };
    run(&door, "lan", at("2026-12-01T09:01"), Command::UndoCall(undo)).unwrap();
    assert_eq!(listed(&door, "ha"), []);
}

#[test]
fn opening_the_same_again_gives_the_open_task_and_changes_nothing() {
    let door = hotline();
    let first = to_tell(&door);
    let before = state(&door);
    assert_eq!(to_tell(&door), first);
    assert_eq!(state(&door), before);
    assert!(done(&door, "lan", TELL.0, TELL.1));
    assert!(!done(&door, "lan", TELL.0, TELL.1), "it is closed");
    assert_ne!(to_tell(&door), first, "what happens again is a task again");
}

#[test]
fn what_is_done_is_closed_by_whom_and_when_and_without_words() {
    let door = hotline();
    let task = to_tell(&door);
    done(&door, "lan", TELL.0, TELL.1);
    let closed = one(&door, "lan", task);
    assert_eq!(closed.closed_by, Some(id("lan")));
    assert_eq!((closed.closed_at, closed.closing_note), (Some(at(NINE)), None));
}

#[test]
fn a_task_is_closed_with_a_note_and_taken_back_for_two_minutes_by_who_closed_it() {
    let door = hotline();
    let task = to_tell(&door);
    assert_eq!(rule(run(&door, "lan", at(NINE), close(task, "  "))), "field_invalid");
    assert_eq!(run(&door, "lan", at(NINE), close(task, "đã báo")), Ok(Receipt::TaskClosed {}));
    assert_eq!(rule(run(&door, "lan", at(NINE), close(task, "đã báo"))), "conflict");
    assert_eq!(page(&door, "lan", false, TaskState::Closed).tasks[0].closing_note.as_deref(), Some("đã báo"));
    let reopen = || Command::ReopenTask(TaskRef { task });
    assert_eq!(rule(run(&door, "minh", at(NINE), reopen())), "not_your_task");
    assert_eq!(run(&door, "lan", at("2026-12-01T09:02"), reopen()), Ok(Receipt::TaskReopened {}));
    assert_eq!(rule(run(&door, "lan", at("2026-12-01T09:02"), reopen())), "conflict");
    run(&door, "lan", at("2026-12-01T09:02"), close(task, "đã báo")).unwrap();
    assert_eq!(rule(run(&door, "lan", at("2026-12-01T09:05"), reopen())), "undo_too_late");
}

#[test]
fn a_returned_row_is_not_closed_with_words() {
    let door = hotline();
    let task = opened(&door, "ha", TaskKind::HandoverReturned, TELL.1, Some("sai số"));
    let before = state(&door);
    assert_eq!(rule(run(&door, "ha", at(NINE), close(task, "xong"))), "task_not_done");
    assert_eq!(state(&door), before);
}

#[test]
fn one_person_takes_a_task_and_only_they_or_the_lead_go_on_with_it() {
    let door = hotline();
    let task = to_tell(&door);
    assert_eq!(
        run(&door, "minh", at(NINE), take(task)),
        Ok(Receipt::TaskAssigned { owner: Some(id("minh")) })
    );
    assert_eq!(page(&door, "minh", true, TaskState::Open).total, 1);
    assert_eq!(page(&door, "lan", true, TaskState::Open).total, 0);
    for command in [take(task), close(task, "đã báo")] {
        let before = state(&door);
        assert_eq!(rule(run(&door, "lan", at(NINE), command)), "not_your_task");
        assert_eq!(state(&door), before);
    }
    let back = Command::AssignTask(AssignTask { nobody: true, ..AssignTask::to_me(task) });
    run(&door, "minh", at(NINE), back).unwrap();
    run(&door, "lan", at(NINE), take(task)).unwrap();
    run(&door, "ha", at(NINE), close(task, "đã báo")).unwrap();
}

#[test]
fn a_lead_gives_a_task_to_people_of_the_own_organisation() {
    let door = hotline();
    let complaint = opened(&door, "lan", TaskKind::Complaint, TaskAbout::Customer(CustomerId(1)), None);
    assert_eq!(listed(&door, "lan"), []);
    assert_eq!(rule(run(&door, "ha", at(NINE), give(complaint, "thu"))), "field_invalid");
    assert_eq!(rule(run(&door, "ha", at(NINE), give(complaint, "kiem"))), "field_invalid");
    assert_eq!(rule(run(&door, "ha", at(NINE), give(complaint, "ai"))), "no_such_row");
    run(&door, "ha", at(NINE), give(complaint, "lan")).unwrap();
    assert_eq!(listed(&door, "lan"), [complaint]);
    assert_eq!(rule(run(&door, "lan", at(NINE), give(complaint, "minh"))), "forbidden");
    run(&door, "lan", at(NINE), close(complaint, "đã xin lỗi")).unwrap();
}

#[test]
fn who_leaves_leaves_no_task_behind() {
    let door = hotline();
    let task = to_tell(&door);
    run(&door, "minh", at(NINE), take(task)).unwrap();
    run(&door, "ha", at(NINE), Command::DisableStaff(StaffRef { id: id("minh") })).unwrap();
    assert_eq!(one(&door, "lan", task).owner, None);
}

#[test]
fn no_side_sees_or_touches_a_task_of_the_other() {
    let door = cases(1);
    let ours = to_tell(&door);
    let theirs =
        opened(&door, "bs_mai", TaskKind::RedFlagReview, TaskAbout::Case(CaseId(1)), Some("đau ngực"));
    for (who, task) in [("thu", ours), ("quan", ours), ("bs_mai", ours), ("lan", theirs), ("ha", theirs)] {
        assert!(!listed(&door, who).contains(&task), "{who}");
        assert_eq!(rule(ask(&door, who, at("2026-12-02T09:00"), Query::Task { task })), "no_such_row");
        for command in [take(task), close(task, "xong"), Command::ReopenTask(TaskRef { task })] {
            assert_eq!(rule(run(&door, who, at("2026-12-02T09:00"), command)), "no_such_row", "{who}");
        }
    }
    assert_eq!(listed(&door, "quan"), [theirs]);
}

#[test]
fn a_returned_seat_tells_the_hotline_the_registration_and_no_word_more() {
    let door = cases(1);
    let task = opened(
        &door,
        "thu",
        TaskKind::SeatReturned,
        TaskAbout::Case(CaseId(1)),
        Some("chuyển 115, khoa Nhi"),
    );
    let told = one(&door, "ha", task);
    assert_eq!((told.about, told.note), (TaskAbout::Registration(RegistrationId(1)), None));
    assert!(
        done(&door, "thu", TaskKind::SeatReturned, TaskAbout::Case(CaseId(1))),
        "found by what it was about"
    );
}

#[test]
fn the_status_line_counts_the_tasks_of_the_reader() {
    let door = hotline();
    to_tell(&door);
    let due = at("2026-12-02T09:00");
    assert_eq!(waiting(&door, "lan", due), TaskCount { open: 1, overdue: 0 });
    assert_eq!(waiting(&door, "lan", due.plus_ms(1)), TaskCount { open: 1, overdue: 1 });
    assert_eq!(waiting(&door, "thu", due), TaskCount::default());
    assert_eq!(waiting(&door, "kiem", due), TaskCount::default());
}

#[test]
fn a_role_without_tasks_is_refused_them() {
    let door = hotline();
    let task = to_tell(&door);
    assert!(!Role::Auditor.may(Permission::WorkTasks));
    let query = Query::Tasks { mine: false, state: None, kind: None, offset: 0, limit: 50 };
    assert_eq!(rule(ask(&door, "kiem", at(NINE), query)), "forbidden");
    assert_eq!(rule(run(&door, "kiem", at(NINE), take(task))), "forbidden");
}

/// The complaint of the first customer, and its task.
fn complaint(door: &Door) -> (MatterId, TaskId) {
    let matter = claim(door, "lan", at(NINE));
    run(door, "lan", at(NINE), Command::RecordCall(RecordCall::new(matter, Disposition::Complaint))).unwrap();
    (matter, listed(door, "ha")[0])
}

fn standing(door: &Door, matter: MatterId) -> (String, Option<String>) {
    let row = door.store().read(move |tx| crate::store::matter::find(tx, matter)).unwrap().unwrap();
    (row.state.code().to_owned(), row.reason)
}

fn settle(task: TaskId, then: Option<AfterComplaint>) -> Command {
    Command::CloseTask(CloseTask { task, note: "đã xin lỗi".to_owned(), then })
}

#[test]
fn closing_a_complaint_ends_the_calls_unless_they_shall_go_on() {
    for (then, stands) in [
        (None, ("closed", Some("complaint"))),
        (Some(AfterComplaint::Stop), ("closed", Some("complaint"))),
        (Some(AfterComplaint::Resume), ("waiting", None)),
    ] {
        let door = hotline();
        let (matter, task) = complaint(&door);
        let held = standing(&door, matter);
        run(&door, "ha", at(NINE), settle(task, then)).unwrap();
        let now = standing(&door, matter);
        assert_eq!((now.0.as_str(), now.1.as_deref()), stands, "{then:?}");
        run(&door, "ha", at(NINE), Command::ReopenTask(TaskRef { task })).unwrap();
        assert_eq!(standing(&door, matter), held, "taken back");
        assert_eq!(crate::usecase::check::check(&door).unwrap(), []);
    }
}

#[test]
fn a_call_of_the_lead_with_the_customer_closes_their_complaint() {
    let door = hotline();
    let (matter, task) = complaint(&door);
    let (when, claim) = (at("2026-12-02T09:30"), Claim { purpose: Purpose::Offer, matter: Some(matter) });
    run(&door, "ha", when, Command::Claim(claim)).unwrap();
    run(&door, "ha", when, Command::RecordCall(RecordCall::new(matter, Disposition::Declined))).unwrap();
    assert_eq!(one(&door, "ha", task).state, TaskState::Closed);
    let undo = Command::UndoCall(crate::usecase::command::MatterRef { matter });
    run(&door, "ha", when.plus_minutes(1), undo).unwrap();
    assert_eq!(one(&door, "ha", task).state, TaskState::Open, "and the undo opens it again");
}

#[test]
fn what_follows_belongs_to_complaints_alone() {
    let door = hotline();
    let task = to_tell(&door);
    assert_eq!(rule(run(&door, "lan", at(NINE), settle(task, Some(AfterComplaint::Stop)))), "field_invalid");
}

/// A programme of one seat whose second customer came off the waitlist.
fn promoted() -> Door {
    let door = hotline_with(1);
    let first = register(&door, at(NINE), CUSTOMERS[0].0);
    register(&door, at(NINE), CUSTOMERS[1].0);
    let cancel = CancelRegistration { registration: first, reason: "bận".to_owned() };
    run(&door, "lan", at(NINE), Command::CancelRegistration(cancel)).unwrap();
    door
}

#[test]
fn a_customer_who_came_off_the_waitlist_must_hear_of_it() {
    let door = promoted();
    let task = listed(&door, "minh")[0];
    let told = one(&door, "minh", task);
    assert_eq!(
        (told.kind, told.about),
        (TaskKind::PromotedToTell, TaskAbout::Registration(RegistrationId(2)))
    );
    assert_eq!(told.phone.as_deref(), Some("+84904123402"), "one task carries the number to be called");
    assert_eq!(page(&door, "minh", false, TaskState::Open).tasks[0].phone, None, "a list does not");
    run(&door, "minh", at(NINE), close(task, "đã báo, khách mừng")).unwrap();
}

#[test]
fn who_was_spoken_with_by_vinmec_knows_of_their_seat() {
    let door = promoted();
    crate::usecase::intake::fixture::hand_over(&door, BatchId(1));
    let matter = Purpose::Intake.matter_id(CustomerId(2));
    let when = at("2026-12-01T11:00");
    let claim = Claim { purpose: Purpose::Intake, matter: Some(matter) };
    run(&door, "thu", when, Command::Claim(claim)).unwrap();
    run(&door, "thu", when, Command::RecordCall(RecordCall::new(matter, Disposition::Agreed))).unwrap();
    assert_eq!(listed(&door, "minh"), []);
}

#[test]
fn a_number_of_the_list_stays_and_one_that_was_typed_is_corrected() {
    let door = hotline();
    let listed = register(&door, at(NINE), CUSTOMERS[0].0);
    let typed = Register { name: Some("Bùi Thị Sen".to_owned()), ..form("0904999888", Channel::Fanpage) };
    let Receipt::Registered { registration, .. } =
        run(&door, "nga", at(NINE), Command::Register(typed)).unwrap()
    else {
        panic!("not registered")
    };
    let correct = |registration, phone: &str| {
        Command::CorrectRegistration(CorrectRegistration {
            registration,
            name: None,
            phone: Some(phone.to_owned()),
            patient: None,
            note: None,
        })
    };
    for (which, phone, wanted) in [
        (listed, "0904999887", "field_invalid"),
        (registration, CUSTOMERS[1].0, "field_invalid"),
        (registration, "115", "phone_invalid"),
    ] {
        let before = state(&door);
        assert_eq!(rule(run(&door, "nga", at(NINE), correct(which, phone))), wanted);
        assert_eq!(state(&door), before);
    }
    run(&door, "nga", at(NINE), correct(registration, "0904 999 887")).unwrap();
    assert_eq!(number(&door, "SELECT phone FROM sms WHERE customer = 10"), 84_904_999_887);
    assert_eq!(crate::usecase::check::check(&door).unwrap(), []);
}
