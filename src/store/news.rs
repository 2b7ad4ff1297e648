//! The change feed of a store: notifies listeners that the store changed, and that it is away. Each listener has one
//! pending entry; changes that come before it is taken are merged there, so that a slow listener costs nothing and
//! reads once.
//!
//! Invariants:
//! - publishing never waits for a listener;
//! - a listener is woken once for a pending entry, and again when the store goes away or comes back;
//! - a dropped listener is removed with the next change.
//!
//! Deliberately absent: the changed data. A topic names what to read again.

use super::topic::Topics;
use super::watch::Watcher;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// What a listener takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct News {
    /// What changed since the listener last asked.
    pub changed: Topics,
    /// Whether a request waits for the store to come back, now.
    pub away: bool,
}

/// One listener, until dropped.
pub struct Subscription {
    pending: Arc<Pending>,
    /// Keeps the watcher for other processes' changes running.
    _watcher: Option<Arc<Watcher>>,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

impl Subscription {
    /// Takes what came since the last time; never waits.
    pub fn take(&self) -> News {
        let mut held = self.pending.held();
        held.woken = false;
        let news = held.news;
        held.news.changed = Topics::default();
        news
    }

    /// Whether a request waits for the store to come back. Changes stay pending, so that no further change wakes the
    /// listener before it takes them all.
    pub fn is_away(&self) -> bool {
        self.pending.held().news.away
    }
}

/// The pending entry of a listener.
struct Pending {
    held: Mutex<Held>,
    wake: Box<dyn Fn() + Send + Sync>,
}

#[derive(Default)]
struct Held {
    news: News,
    /// The listener was woken and has not taken the entry yet.
    woken: bool,
}

impl Pending {
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
    pending: Vec<Weak<Pending>>,
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

    /// Notifies all listeners of changes.
    pub fn publish(&self, topics: Topics) {
        let pending = self.audience().present();
        for pending in pending {
            pending.put(|news| news.changed = news.changed.with(topics));
        }
    }

    /// Adds a listener. The store's threads call `wake` when an entry becomes pending; it must be quick and must not
    /// use the store.
    pub fn add(
        &self,
        wake: impl Fn() + Send + Sync + 'static,
        watcher: Option<Arc<Watcher>>,
    ) -> Subscription {
        let mut audience = self.audience();
        let news = News { changed: Topics::default(), away: audience.waiting > 0 };
        let pending =
            Arc::new(Pending { held: Mutex::new(Held { news, woken: false }), wake: Box::new(wake) });
        audience.pending.push(Arc::downgrade(&pending));
        Subscription { pending, _watcher: watcher }
    }

    /// Whether a request waits for the store to come back.
    pub fn is_away(&self) -> bool {
        self.audience().waiting > 0
    }

    /// A request waits for the store; the first one notifies all listeners.
    fn leave(&self) {
        let mut audience = self.audience();
        audience.waiting += 1;
        if audience.waiting == 1 {
            audience.tell_away(true);
        }
    }

    /// A request waits no longer; the last one notifies all listeners.
    fn come_back(&self) {
        let mut audience = self.audience();
        audience.waiting = audience.waiting.saturating_sub(1);
        if audience.waiting == 0 {
            audience.tell_away(false);
        }
    }
}

impl Audience {
    /// The listeners that still exist.
    fn present(&mut self) -> Vec<Arc<Pending>> {
        let mut present = Vec::with_capacity(self.pending.len());
        self.pending.retain(|pending| {
            let pending = pending.upgrade();
            let there = pending.is_some();
            present.extend(pending);
            there
        });
        present
    }

    /// Under the lock, so that "away" and "back" reach every listener in their order.
    fn tell_away(&mut self, away: bool) {
        for pending in self.present() {
            pending.put(|news| news.away = away);
        }
    }
}

/// Marks that a request waits for the store to come back, until dropped.
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
        let listener = listeners.add(move || _ = woken.send(()), None);
        for _ in 0..100 {
            listeners.publish(Topics::SEATS);
            listeners.publish(Topics::QUEUE);
        }
        assert_eq!(wakes.try_iter().count(), 1);
        assert_eq!(listener.take(), News { changed: Topics::SEATS.with(Topics::QUEUE), away: false });
        assert_eq!(listener.take(), News::default());
        listeners.publish(Topics::LEADS);
        assert_eq!(wakes.try_iter().count(), 1, "a box that was looked into wakes again");
        assert_eq!(listener.take().changed, Topics::LEADS);
    }

    #[test]
    fn a_box_that_is_left_full_wakes_again_only_when_the_store_goes_or_comes() {
        let listeners = Arc::new(Listeners::default());
        let (woken, wakes) = channel();
        let listener = listeners.add(move || _ = woken.send(()), None);
        listeners.publish(Topics::SEATS);
        listeners.publish(Topics::LEADS);
        assert_eq!((wakes.try_iter().count(), listener.is_away()), (1, false));
        let away = Away::begin(&listeners);
        assert_eq!((wakes.try_iter().count(), listener.is_away()), (1, true));
        drop(away);
        assert_eq!((wakes.try_iter().count(), listener.is_away()), (1, false));
        listeners.publish(Topics::QUEUE);
        assert_eq!(wakes.try_iter().count(), 0);
        let all = Topics::SEATS.with(Topics::LEADS).with(Topics::QUEUE);
        assert_eq!(listener.take(), News { changed: all, away: false });
    }

    #[test]
    fn the_store_is_away_while_anybody_waits_for_it() {
        let listeners = Arc::new(Listeners::default());
        let (woken, wakes) = channel();
        let listener = listeners.add(move || _ = woken.send(()), None);
        let first = Away::begin(&listeners);
        let second = Away::begin(&listeners);
        assert_eq!(wakes.try_iter().count(), 1);
        assert!(listener.take().away);
        let late = listeners.add(|| (), None);
        assert!(late.take().away, "who comes later hears it, too");
        drop(first);
        assert!(listener.take().away);
        drop(second);
        assert_eq!(wakes.try_iter().count(), 1);
        assert_eq!((listener.take().away, late.take().away), (false, false));
    }

    #[test]
    fn who_is_gone_is_forgotten() {
        let listeners = Arc::new(Listeners::default());
        let (woken, wakes) = channel();
        drop(listeners.add(move || _ = woken.send(()), None));
        listeners.publish(Topics::ALL);
        assert_eq!(wakes.try_iter().count(), 0);
        assert_eq!(listeners.audience().pending.len(), 0);
    }
}
