//! One turn of a session, whoever drives its loop: an event goes into the screens, and what they ask of the
//! session is handed on.
//!
//! Deliberately absent: waiting, drawing, threads. A loop over a local terminal and one over a network connection
//! differ in these and in nothing else.

use super::clock::SessionClock;
use super::work::{Event, Work};
use crate::domain::actor::{Act, Actor};
use crate::tui::app::App;
use crate::tui::effect::Effect;
use crate::tui::say::Say;
use crate::tui::theme::Tone;
use crate::usecase::command::Nothing;
use crate::usecase::{Command, Door, Error, Query, Request, Snapshot, When};

/// What only the owner of a session can do for its screens.
pub trait Hands {
    /// Goes through the door; the answer comes back as an [`Event`].
    fn give(&mut self, work: Work);
    /// Puts text on the person's clipboard.
    fn copy(&mut self, text: &str);
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
        Event::Kept => Vec::new(),
        Event::Pin(answer) => app.pin_answered(*answer),
        // A loop hears the news itself: it knows when there is time for them.
        Event::News => Vec::new(),
        Event::Said(said) => {
            app.tell(said.name, said.at, said.body);
            Vec::new()
        }
        // A loop carries them out itself: some of them end it.
        Event::Orders(_) => Vec::new(),
        Event::Told(tone, say) => {
            app.say(tone, say);
            Vec::new()
        }
    }
}

/// Does what only the session can; false when the person leaves.
pub fn carry_out(effects: Vec<Effect>, app: &mut App, hands: &mut impl Hands) -> bool {
    let mut open = true;
    for effect in effects {
        match effect {
            Effect::Run(job) => hands.give(Work::Job(app.ctx.actor.staff.clone(), job)),
            Effect::Copy(text) => hands.copy(&text),
            Effect::Become(staff) => hands.give(Work::Actor(staff)),
            Effect::Keep(keep) => hands.give(Work::Keep(app.ctx.actor.staff.clone(), keep)),
            Effect::Pin(act) => hands.give(Work::Pin(app.ctx.actor.staff.clone(), act)),
            Effect::Quit => open = false,
            // The frame settles these itself and never passes them on.
            Effect::Notice(..)
            | Effect::Ask(_)
            | Effect::Show { .. }
            | Effect::Alarm { .. }
            | Effect::Goto(..) => {}
        }
    }
    open
}

/// Opening the screens signs a person in, unless they are pausing: a pause ends by their own key.
pub fn sign_in(door: &Door, actor: &Actor, clock: &SessionClock) -> Result<(), Error> {
    if !actor.role.may(Act::Work) {
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
