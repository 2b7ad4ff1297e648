//! Samples of tasks and of the people behind figures.

use super::{at, code, text};
use crate::domain::actor::Role;
use crate::domain::disposition::Disposition;
use crate::domain::figure::Figure;
use crate::domain::id::{CaseId, CustomerId, MatterId, StaffId, TaskId};
use crate::domain::task::TaskAbout;
use crate::usecase::Snapshot;
use crate::usecase::model::people::{PeopleOrder, PeoplePage, PersonLine};
use crate::usecase::model::task::{TaskModel, TaskPage};

/// A page of people, a page of tasks and one task.
pub fn snapshots() -> Vec<Snapshot> {
    let open =
        TaskModel { state: code("open"), closed_at: None, closed_by: None, closing_note: None, ..task() };
    let register = TaskModel {
        kind: code("register_expiring"),
        about: TaskAbout::Register,
        owner: None,
        name: None,
        phone_masked: None,
        note: None,
        ..open.clone()
    };
    vec![
        Snapshot::People(PeoplePage {
            behind: Figure::Ended(Disposition::Declined),
            people: vec![PersonLine {
                customer: Some(CustomerId(1)),
                name: text("Nguyễn Văn Hùng"),
                phone: text("0904 *** 401"),
                at: Some(at(0)),
                detail: Some(text("declined")),
                registration: None,
                seat: None,
                case: None,
            }],
            order: PeopleOrder::Figure,
            total: 1,
            more: false,
            offset: 0,
        }),
        Snapshot::Exported { file: text("list.xlsx"), rows: 1 },
        Snapshot::Tasks(TaskPage { tasks: vec![open, register], total: 2, offset: 0 }),
        Snapshot::Task(Box::new(TaskModel { phone: Some(text("+84904123401")), ..task() })),
        Snapshot::Task(Box::new(TaskModel { case: Some(CaseId(7)), ..task() })),
    ]
}

fn task() -> TaskModel {
    TaskModel {
        task: TaskId(3),
        kind: code("complaint"),
        about: TaskAbout::Matter(MatterId(5)),
        role: Role::Supervisor,
        state: code("closed"),
        owner: Some(StaffId(text("ha"))),
        due_at: at(100),
        name: Some(text("Nguyễn Văn Hùng")),
        phone_masked: Some(text("0904 *** 401")),
        phone: None,
        case: None,
        note: Some(text("gọi quá nhiều")),
        opened_at: at(0),
        opened_by: StaffId(text("lan")),
        closed_at: Some(at(50)),
        closed_by: Some(StaffId(text("ha"))),
        closing_note: Some(text("đã xin lỗi")),
    }
}
