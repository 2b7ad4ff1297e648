//! Passes events to the screens and their effects to the session, for every kind of session loop.
//!
//! Deliberately absent: waiting, drawing, threads. A loop over a local terminal and one over a network connection
//! differ in these alone.

use super::clock::SessionClock;
use super::work::{Event, Work};
use crate::domain::actor::{Actor, Permission};
use crate::domain::refusal::Refusal;
use crate::tui::app::App;
use crate::tui::effect::{Effect, Reply};
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::command::Nothing;
use crate::usecase::{Command, Door, Error, Query, Request, Snapshot, When};

/// What a session's loop does for its screens.
pub trait SessionHost {
    /// Requests `work`; the reply comes back as an [`Event`].
    fn give(&mut self, work: Work);
    /// Puts text on the user's clipboard.
    fn copy(&mut self, text: &str);
    /// Whether the user's files are on this machine: a session from afar reads and writes none of this machine's.
    fn has_files(&self) -> bool {
        false
    }
}

/// Gives an event to the screens.
pub fn take(event: Event, app: &mut App) -> Vec<Effect> {
    match event {
        Event::Input(input) => app.input(input),
        Event::Reply(reply) => app.reply(*reply),
        Event::People(people) => {
            app.set_people(people);
            Vec::new()
        }
        Event::Actor(found) => match *found {
            Ok(actor) => app.become_actor(actor),
            Err(error) => {
                app.say(Tone::Danger, Say::from(error));
                Vec::new()
            }
        },
        Event::Done => Vec::new(),
        Event::Pin(answer) => app.pin_answered(*answer),
        // The loop handles changes itself, because it decides when to read.
        Event::StoreChanged => Vec::new(),
        Event::Broadcast(row) => {
            app.tell(row.name, row.at, row.body);
            Vec::new()
        }
        // A loop carries them out itself: some of them end it.
        Event::Orders(_) => Vec::new(),
        Event::Notice(tone, say) => {
            app.say(tone, say);
            Vec::new()
        }
    }
}

/// Carries out what only the session can; false when the user leaves.
pub fn carry_out(effects: Vec<Effect>, app: &mut App, host: &mut impl SessionHost) -> bool {
    let mut open = true;
    for effect in effects {
        match effect {
            Effect::Run(job) => host.give(Work::Job(app.ctx.actor.staff.clone(), job)),
            Effect::Copy(text) => host.copy(&text),
            Effect::Become(staff) => host.give(Work::Actor(staff)),
            Effect::Keep(keep) => host.give(Work::Keep(app.ctx.actor.staff.clone(), keep)),
            Effect::Pin(act) => host.give(Work::Pin(app.ctx.actor.staff.clone(), act)),
            Effect::Compare(compare) if host.has_files() => {
                host.give(Work::Compare(app.ctx.actor.staff.clone(), compare));
            }
            Effect::Compare(compare) => {
                let refusal = Refusal::FieldInvalid { field: "path", reason: "remote" };
                let further = app.reply(Reply { ticket: compare.ticket, outcome: Err(refusal.into()) });
                open &= carry_out(further, app, host);
            }
            Effect::Export(export) if host.has_files() => {
                host.give(Work::Export(app.ctx.actor.staff.clone(), app.ctx.lang, export));
            }
            Effect::Export(export) => {
                let reply = Reply { ticket: export.ticket, outcome: Ok((None, Vec::new())) };
                let further = app.reply(reply);
                open &= carry_out(further, app, host);
                app.say(Tone::Warn, Say::key("over.say.export_remote"));
            }
            Effect::Quit => open = false,
            // The app handles these itself and never passes them on.
            Effect::Notice(..)
            | Effect::Ask(_)
            | Effect::Show { .. }
            | Effect::Alarm { .. }
            | Effect::Back
            | Effect::Goto(..) => {}
        }
    }
    open
}

/// Signs the actor in to work, unless they are pausing: a pause ends by their own key.
pub fn sign_in(door: &Door, actor: &Actor, clock: &SessionClock) -> Result<(), Error> {
    if !actor.role.may(Permission::Work) {
        return Ok(());
    }
    let now = clock.now();
    if let Snapshot::Status(status) = door.query(&actor.staff, now, Query::Status {})?
        && status.paused.is_none()
    {
        let command = Command::Resume(Nothing {});
        door.execute(Request { op: None, staff: actor.staff.clone(), when: When::Now(now), command })?;
    }
    Ok(())
}
