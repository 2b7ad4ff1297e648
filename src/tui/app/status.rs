//! Reads the figures of the status line together with what a screen asks for.
//!
//! Invariant: the reply to a command carries the status line, so that one commit makes one reply and one frame; a
//! request for the status line alone is made only when no screen reads anything.

use super::App;
use crate::tui::effect::{Effect, Job, Reply};
use crate::usecase::model::count::StatusLine;
use crate::usecase::{Query, Snapshot};

/// The most unanswered jobs that carry the status line; the oldest is forgotten first.
const MOST: usize = 64;

impl App {
    /// Adds the status line to a job of a screen.
    pub(super) fn bring_status(&mut self, job: &mut Job) {
        job.then.push(Query::Status {});
        self.bring_status.push(job.ticket);
        let over = self.bring_status.len().saturating_sub(MOST);
        self.bring_status.drain(..over);
    }

    /// Reads the status line: with the first job among `out`, or by a job of its own.
    pub(super) fn read_status(&mut self, out: &mut Vec<Effect>) {
        let mut jobs = out.iter_mut().filter_map(|effect| match effect {
            Effect::Run(job) => Some(job),
            _ => None,
        });
        match jobs.next() {
            Some(job) if job.then.contains(&Query::Status {}) => {}
            Some(job) => self.bring_status(job),
            None => {
                let ticket = self.tickets.next();
                self.status_ticket = Some(ticket);
                out.push(Effect::load(ticket, Query::Status {}));
            }
        }
    }

    /// Takes the status line out of a reply. It stays in the reply when the screen itself asked for it.
    pub(super) fn take_status(&mut self, reply: &mut Reply) {
        let at = self.bring_status.iter().position(|ticket| *ticket == reply.ticket);
        if let Some(at) = at {
            self.bring_status.remove(at);
        }
        let Ok((_, snapshots)) = &mut reply.outcome else { return };
        let newest = snapshots.iter().rev().find_map(|snapshot| match snapshot {
            Snapshot::Status(status) => Some(status.clone()),
            _ => None,
        });
        if at.is_some() {
            snapshots.pop_if(|last| matches!(last, Snapshot::Status(_)));
        }
        if let Some(status) = newest {
            self.show_status(status);
        }
    }

    pub(super) fn show_status(&mut self, status: StatusLine) {
        self.ctx.simulated = status.simulated;
        self.status = Some(status);
    }
}
