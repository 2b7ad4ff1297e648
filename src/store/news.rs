//! Who hears what: that the store changed, and that it is away. A listener has one small box; what comes while it
//! was not looked into is put together there, so a listener that is slow costs nothing and reads once.
//!
//! Invariants: nobody who tells waits for anybody who listens; a listener is woken once for a full box, and again
//! when the store goes away or comes back; one that is gone is forgotten with the next news.
//!
//! Deliberately absent: what changed in words. A topic says what to read again.

use super::topic::Topics;
use super::watch::Watcher;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// What a listener hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct News {
    /// What changed since the listener last asked.
    pub changed: Topics,
    /// Whether somebody waits for the store to come back, now.
    pub away: bool,
}

/// One listener, until dropped.
pub struct Subscription {
    slot: Arc<Slot>,
    /// What looks for other processes' changes while anybody wants to know.
    _watcher: Option<Arc<Watcher>>,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

impl Subscription {
    /// What came since the last time; never waits.
    pub fn take(&self) -> News {
        let mut held = self.slot.held();
        held.woken = false;
        let news = held.news;
        held.news.changed = Topics::default();
        news
    }

    /// Whether somebody waits for the store to come back; what changed stays in the box, so that no further change
    /// wakes the listener before it takes them all.
    pub fn is_away(&self) -> bool {
        self.slot.held().news.away
    }
}

/// A listener's box.
struct Slot {
    held: Mutex<Held>,
    wake: Box<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct Held {
    news: News,
    /// The listener was woken and has not looked yet.
    woken: bool,
}

impl Slot {
    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, change: impl FnOnce(&mut News)) {
        let mut held = self.held();
        let before = held.news;
        change(&mut held.news);
        let first = !held.woken;
        held.woken |= held.news != before;
        let wake = held.woken && (first || held.news.away != before.away);
        drop(held);
        if wake {
            (self.wake)();
        }
    }
}

/// All listeners of one store handle, and how many wait for the store to come back.
#[derive(Default)]
pub(super) struct Listeners(Mutex<Audience>);

#[derive(Default)]
struct Audience {
    slots: Vec<Weak<Slot>>,
    waiting: usize,
}

impl std::fmt::Debug for Listeners {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listeners").finish_non_exhaustive()
    }
}

impl Listeners {
    fn audience(&self) -> std::sync::MutexGuard<'_, Audience> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells everybody what changed.
    pub fn publish(&self, topics: Topics) {
        let slots = self.audience().present();
        for slot in slots {
            slot.put(|news| news.changed = news.changed.with(topics));
        }
    }

    /// A listener more. `wake` is called by the threads of the store when its box fills: it must be quick and
    /// must not come back to the store.
    pub fn add(
        &self,
        wake: impl Fn() + Send + Sync + 'static,
        watcher: Option<Arc<Watcher>>,
    ) -> Subscription {
        let mut audience = self.audience();
        let news = News { changed: Topics::default(), away: audience.waiting > 0 };
        let slot = Arc::new(Slot { held: Mutex::new(Held { news, woken: false }), wake: Box::new(wake) });
        audience.slots.push(Arc::downgrade(&slot));
        Subscription { slot, _watcher: watcher }
    }

    /// Whether somebody waits for the store to come back.
    pub fn is_away(&self) -> bool {
        self.audience().waiting > 0
    }

    /// Somebody waits for the store; the first one is told to all.
    fn leave(&self) {
        let mut audience = self.audience();
        audience.waiting += 1;
        if audience.waiting == 1 {
            audience.tell_away(true);
        }
    }

    /// Somebody waits no longer; so is the last one.
    fn come_back(&self) {
        let mut audience = self.audience();
        audience.waiting = audience.waiting.saturating_sub(1);
        if audience.waiting == 0 {
            audience.tell_away(false);
        }
    }
}

impl Audience {
    /// Those who still listen.
    fn present(&mut self) -> Vec<Arc<Slot>> {
        let mut present = Vec::with_capacity(self.slots.len());
        self.slots.retain(|slot| {
            let slot = slot.upgrade();
            let there = slot.is_some();
            present.extend(slot);
            there
        });
        present
    }

    /// Under the lock, so that "away" and "back" reach everybody in their order.
    fn tell_away(&mut self, away: bool) {
        for slot in self.present() {
            slot.put(|news| news.away = away);
        }
    }
}

/// Somebody waits for the store to come back, until dropped.
#[derive(Debug)]
pub struct Away(Arc<Listeners>);

impl Away {
    pub(super) fn begin(listeners: &Arc<Listeners>) -> Self {
        listeners.leave();
        Self(Arc::clone(listeners))
    }
}

impl Drop for Away {
    fn drop(&mut self) {
        self.0.come_back();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn a_burst_wakes_a_listener_once_and_is_one_piece_of_news() {
        let listeners = Arc::new(Listeners::default());
        let (woken, wakes) = channel();
        let heard = listeners.add(move || _ = woken.send(()), None);
        for _ in 0..100 {
            listeners.publish(Topics::SEATS);
            listeners.publish(Topics::QUEUE);
        }
        assert_eq!(wakes.try_iter().count(), 1);
        assert_eq!(heard.take(), News { changed: Topics::SEATS.with(Topics::QUEUE), away: false });
        assert_eq!(heard.take(), News::default());
        listeners.publish(Topics::LEADS);
        assert_eq!(wakes.try_iter().count(), 1, "a box that was looked into wakes again");
        assert_eq!(heard.take().changed, Topics::LEADS);
    }

    #[test]
    fn a_box_that_is_left_full_wakes_again_only_when_the_store_goes_or_comes() {
        let listeners = Arc::new(Listeners::default());
        let (woken, wakes) = channel();
        let heard = listeners.add(move || _ = woken.send(()), None);
        listeners.publish(Topics::SEATS);
        listeners.publish(Topics::LEADS);
        assert_eq!((wakes.try_iter().count(), heard.is_away()), (1, false));
        let away = Away::begin(&listeners);
        assert_eq!((wakes.try_iter().count(), heard.is_away()), (1, true));
        drop(away);
        assert_eq!((wakes.try_iter().count(), heard.is_away()), (1, false));
        listeners.publish(Topics::QUEUE);
        assert_eq!(wakes.try_iter().count(), 0);
        let all = Topics::SEATS.with(Topics::LEADS).with(Topics::QUEUE);
        assert_eq!(heard.take(), News { changed: all, away: false });
    }

    #[test]
    fn the_store_is_away_while_anybody_waits_for_it() {
        let listeners = Arc::new(Listeners::default());
        let (woken, wakes) = channel();
        let heard = listeners.add(move || _ = woken.send(()), None);
        let first = Away::begin(&listeners);
        let second = Away::begin(&listeners);
        assert_eq!(wakes.try_iter().count(), 1);
        assert!(heard.take().away);
        let late = listeners.add(|| (), None);
        assert!(late.take().away, "who comes later hears it, too");
        drop(first);
        assert!(heard.take().away);
        drop(second);
        assert_eq!(wakes.try_iter().count(), 1);
        assert_eq!((heard.take().away, late.take().away), (false, false));
    }

    #[test]
    fn who_is_gone_is_forgotten() {
        let listeners = Arc::new(Listeners::default());
        let (woken, wakes) = channel();
        drop(listeners.add(move || _ = woken.send(()), None));
        listeners.publish(Topics::ALL);
        assert_eq!(wakes.try_iter().count(), 0);
        assert_eq!(listeners.audience().slots.len(), 0);
    }
}
