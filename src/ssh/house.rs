//! What all sessions of one door share: the programme, the key book, the bounds, the clock, the roll.

use super::gate::Gate;
use super::key_book::KeyBook;
use super::limits::Limits;
use super::roll::Roll;
use super::terminal::Manners;
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use crate::session::SessionClock;
use crate::tui::app::MakeDesks;
use crate::usecase::Door;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::watch;

/// How sessions look and behave.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// The language that a session begins in.
    pub lang: Lang,
    /// What terminals are asked to do.
    pub manners: Manners,
    /// The screens.
    pub desks: MakeDesks,
}

/// What all sessions of one door share.
pub struct House {
    door: RwLock<Door>,
    /// Whose key is it.
    pub book: Arc<dyn KeyBook>,
    /// The bounds.
    pub limits: Limits,
    /// How sessions look.
    pub style: Style,
    /// The time.
    pub clock: SessionClock,
    /// Who may come in.
    pub gate: Arc<Gate>,
    /// Who is here.
    pub roll: Roll,
    changes: watch::Receiver<u64>,
}

impl House {
    /// A house over `door`; `machine` reads the machine's clock. Waits for the store once.
    pub fn open(
        door: Door,
        book: Arc<dyn KeyBook>,
        limits: Limits,
        style: Style,
        machine: fn() -> Timestamp,
    ) -> std::io::Result<Arc<Self>> {
        // A store that cannot tell its time now will say so on screen at the first query.
        let clock = SessionClock::new(machine, door.clock().ok().flatten());
        let changes = hear_changes(&door)?;
        Ok(Arc::new(Self {
            door: RwLock::new(door),
            book,
            limits,
            style,
            clock,
            gate: Gate::new(limits),
            roll: Roll::default(),
            changes,
        }))
    }

    /// The programme.
    pub fn door(&self) -> Door {
        self.door.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on sessions begin with `door`: the same store, its configuration read anew.
    pub fn renew(&self, door: Door) {
        *self.door.write().unwrap_or_else(PoisonError::into_inner) = door;
    }

    /// Counts up whenever somebody changed the store.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.clone()
    }
}

/// One thread hears what changes and wakes all sessions. It ends with the store.
fn hear_changes(door: &Door) -> std::io::Result<watch::Receiver<u64>> {
    let heard = door.store().subscribe();
    let (sender, receiver) = watch::channel(0);
    std::thread::Builder::new().name("changes".to_owned()).stack_size(64 * 1024).spawn(move || {
        for _ in heard {
            if sender.receiver_count() == 0 {
                return;
            }
            sender.send_modify(|count| *count += 1);
        }
    })?;
    Ok(receiver)
}
