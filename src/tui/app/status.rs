//! How the status line gets its figures: together with what a screen asks for.
//!
//! Invariant: a command brings the status line in its own reply, so that one commit makes one reply and one frame; a
//! read of its own is asked for only where no screen reads anything.

use super::App;
use crate::tui::effect::{Effect, Job, Reply};
use crate::usecase::model::count::StatusLine;
use crate::usecase::{Query, Snapshot};

/// Jobs that bring the status line and are not answered yet, at most; the oldest is forgotten.
const MOST: usize = 64;

impl App {
    /// Lets a job of a screen bring the status line as well.
    pub(super) fn bring_status(&mut self, job: &mut Job) {
        job.then.push(Query::Status {});
        self.bring_status.push(job.ticket);
        let over = self.bring_status.len().saturating_sub(MOST);
        self.bring_status.drain(..over);
    }

    /// Reads the status line: with the first job that goes out now, or by itself.
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

    /// Takes the status line that a reply brings. The screen gets it, too, where the screen asked for it itself.
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
