//! Samples of figures, and of what is read about staff and sessions.

use super::{at, code, text};
use crate::domain::actor::Role;
use crate::domain::department::Department;
use crate::domain::id::{DoctorId, StaffId};
use crate::domain::session::{EndedBy, Entrance, SessionId};
use crate::usecase::Snapshot;
use crate::usecase::model::count::{
    AgentLine, Forecast, Funnel, FunnelStep, Overview, QuotaModel, Satisfaction, Score, Share, StatusLine,
};
use crate::usecase::model::session::{SessionLine, SessionState};
use crate::usecase::model::staff::{AuditLine, StaffKeyLine, StaffLine};
use crate::usecase::model::task::TaskCount;
use std::collections::BTreeMap;

/// One of each, with every state.
pub fn snapshots() -> Vec<Snapshot> {
    let mut found = [Some("date"), Some("quota"), None].map(|by| Snapshot::Quota(quota(by))).to_vec();
    found.extend([
        Snapshot::Status(StatusLine {
            seats: quota(None),
            days_left: 3,
            due: 4,
            promised: 5,
            overdue: 6,
            simulated: true,
            store_time: Some(at(0)),
            paused: Some(text("lunch")),
            tasks: TaskCount { open: 7, overdue: 1 },
        }),
        Snapshot::Satisfaction(satisfaction()),
        Snapshot::Funnel(funnel()),
        Snapshot::Agents { date: at(0).date(), agents: agents() },
        Snapshot::Overview(Box::new(Overview {
            seats: quota(None),
            pace_per_day: 12.5,
            full_at: Some(Forecast { early: at(100), at: at(200), late: at(300) }),
            funnel: funnel(),
            calls_by_hour: vec![0, 1, 2],
            calls_by_day: vec![(at(0), 10, 2)],
            agents: agents(),
            satisfaction: satisfaction(),
            sms: BTreeMap::from([(text("queued"), 2)]),
            over_limit: 1,
            unacknowledged: 4,
            unacknowledged_since: Some(at(0)),
        })),
        Snapshot::Staff {
            staff: vec![StaffLine {
                id: StaffId(text("mai")),
                name: text("Mai"),
                role: Role::Doctor,
                active: true,
                doctor: Some(DoctorId(3)),
                keys: 1,
                has_pin: true,
            }],
        },
        Snapshot::StaffKeys {
            keys: vec![StaffKeyLine {
                fingerprint: text("SHA256:x"),
                staff: StaffId(text("mai")),
                kind: text("ssh-ed25519"),
                label: text("mai@may"),
                added_at: at(0),
                added_by: StaffId(text("quan")),
                added_by_name: text("Quân"),
            }],
        },
        Snapshot::Sessions { sessions: sessions() },
        Snapshot::Audit {
            rows: vec![AuditLine {
                writer: 1,
                seq: 2,
                at: at(0),
                staff: text("lan"),
                os_user: text("lan"),
                action: text("register"),
                subject: text("registration:12"),
                detail: text("seat=3"),
            }],
        },
    ]);
    found
}

fn quota(closed_by: Option<&str>) -> QuotaModel {
    QuotaModel { quota: 500, taken: 3, waitlisted: 1, closed_by: closed_by.map(code) }
}

fn satisfaction() -> Satisfaction {
    let share = Share { value: Some(0.5), n: 10, low: Some(0.25), high: Some(0.75) };
    Satisfaction {
        csat: share,
        nps: Score { value: Some(20.0), n: 10, low: Some(-5.0), high: Some(45.0) },
        ces: Score { value: None, n: 0, low: None, high: None },
        response_rate: Some(0.75),
        by_department: BTreeMap::from([(Department::Nhi, share)]),
    }
}

fn funnel() -> Funnel {
    Funnel {
        steps: vec![FunnelStep {
            step: text("called"),
            count: 10,
            leaks: BTreeMap::from([(text("held"), 2)]),
            waiting: 3,
            oldest: Some(at(0)),
        }],
        differences: vec![text("registration:12")],
    }
}

fn agents() -> Vec<AgentLine> {
    ["ready", "on_call", "paused", "off"]
        .map(|state| AgentLine {
            staff: text("lan"),
            name: text("Lan"),
            state: code(state),
            calls: 10,
            reached: 5,
            registered: 2,
            contact_rate: Some(0.5),
            conversion: None,
            talk_seconds: 600,
            wrap_up_seconds: 60,
            pause_seconds: 30,
        })
        .into()
}

fn sessions() -> Vec<SessionLine> {
    use SessionState::{Ending, Idle, Locked, Lost, OnCall, Paused, Ready};
    [OnCall, Paused, Ready, Idle, Locked, Ending, Lost]
        .map(|state| SessionLine {
            id: SessionId(text("01J")),
            staff: StaffId(text("lan")),
            name: text("Lan"),
            role: Role::Agent,
            entrance: Entrance::Ssh,
            origin: text("192.0.2.7"),
            key: Some(text("SHA256:x")),
            since: at(0),
            active_at: at(1),
            state,
            received: 1,
            sent: 2,
            ended_by: Some(EndedBy::Supervisor),
        })
        .into()
}
