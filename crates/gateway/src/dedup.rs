//! The dedup window: a push that is repeated publishes nothing again.
//!
//! A sender whose attempt timed out sends the same messages again, newly signed. While the first attempt's records are
//! in the producer their outcome is this one's too; once they are durable they stay so; only if they are known not to
//! be all durable does the repetition publish. Entries in flight are never forgotten; of the others the oldest are,
//! by age and by number.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::kafka::{Delivery, Outcome};

/// A batch by its message values, in order: 128 bits of SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct BatchId([u8; 16]);

impl BatchId {
    /// The identity of the batch with these values.
    pub(crate) fn of<'a>(values: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut hash = Sha256::new();
        for value in values {
            // The length keeps two values from reading like one.
            hash.update((value.len() as u64).to_le_bytes());
            hash.update(value);
        }
        let mut id = [0; 16];
        id.copy_from_slice(&hash.finalize()[..16]);
        Self(id)
    }
}

/// More than one, so that the window shrinks to its bounds, and few enough to hold the lock only shortly.
const FORGOTTEN_AT_ONCE: usize = 16;

/// The batches of the last while.
pub(crate) struct Window {
    entries: Mutex<Entries>,
    length: Duration,
    capacity: usize,
}

#[derive(Default)]
struct Entries {
    /// What is known of a batch, and since when it is remembered.
    states: HashMap<BatchId, (Instant, State)>,
    /// From oldest to youngest; what was published again since has a younger element, too.
    ages: VecDeque<(Instant, BatchId)>,
}

enum State {
    /// Its delivery, which knows the outcome, if there is one yet.
    Published(Arc<Delivery>),
    /// Known to be durable. All that is left to keep.
    Durable,
}

/// What a batch is to the window.
pub(crate) enum Seen {
    /// New, or not durable so far: it is for the caller to publish.
    Now(Arc<Delivery>),
    /// In flight by an earlier push, whose outcome is this one's.
    InFlight(Arc<Delivery>),
    /// Durable already.
    Durable,
}

impl Window {
    /// A window of `length` and at most `capacity` batches, those in flight apart.
    pub(crate) fn new(length: Duration, capacity: usize) -> Self {
        Self { entries: Mutex::default(), length, capacity }
    }

    /// Looks a batch up and, if it has to be published, notes the delivery that `admit` makes for it, before anybody
    /// else can look it up.
    pub(crate) fn publish_once<E>(
        &self,
        id: BatchId,
        admit: impl FnOnce() -> Result<Arc<Delivery>, E>,
    ) -> Result<Seen, E> {
        let now = Instant::now();
        let mut entries = self.lock();
        entries.forget(now, self.length, self.capacity);
        match entries.states.get(&id) {
            Some((_, State::Durable)) => return Ok(Seen::Durable),
            Some((_, State::Published(delivery))) => match delivery.outcome() {
                None => return Ok(Seen::InFlight(delivery.clone())),
                Some(Outcome::Durable) => return Ok(Seen::Durable),
                Some(Outcome::NotDurable(_) | Outcome::Unknown) => {}
            },
            None => {}
        }
        let delivery = admit()?;
        entries.states.insert(id, (now, State::Published(delivery.clone())));
        entries.ages.push_back((now, id));
        Ok(Seen::Now(delivery))
    }

    /// Lets go of a delivery that is known to be durable; that it was is all that is left to keep.
    pub(crate) fn durable(&self, id: BatchId, delivery: &Arc<Delivery>) {
        if let Some((_, state)) = self.lock().states.get_mut(&id)
            && matches!(state, State::Published(noted) if Arc::ptr_eq(noted, delivery))
        {
            *state = State::Durable;
        }
    }

    /// The age of the oldest batch: how far back repetitions are noticed now.
    pub(crate) fn age(&self) -> Duration {
        self.lock().ages.front().map_or(Duration::ZERO, |(since, _)| since.elapsed().min(self.length))
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    /// Forgets what is too old, or too many. What is still in flight becomes young again instead. A call adds one entry
    /// and looks at a few, so that none takes long.
    fn forget(&mut self, now: Instant, length: Duration, capacity: usize) {
        for _ in 0..FORGOTTEN_AT_ONCE {
            let Some(&(since, id)) = self.ages.front() else { return };
            let stale = self.states.get(&id).is_none_or(|(current, _)| *current != since);
            if !stale && now.duration_since(since) < length && self.ages.len() <= capacity {
                return;
            }
            self.ages.pop_front();
            if stale {
                continue;
            }
            match self.states.get_mut(&id) {
                Some((current, State::Published(delivery))) if delivery.outcome().is_none() => {
                    *current = now;
                    self.ages.push_back((now, id));
                }
                _ => {
                    self.states.remove(&id);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    const LONG: Duration = Duration::from_hours(1);

    fn id(value: &str) -> BatchId {
        BatchId::of([value.as_bytes()].into_iter())
    }

    /// Publishes a batch, or says how it was seen.
    fn publish(window: &Window, value: &str) -> Result<Arc<Delivery>, &'static str> {
        let seen = window.publish_once(id(value), || Ok::<_, Infallible>(Arc::new(Delivery::new(1, ()))));
        match seen.unwrap() {
            Seen::Now(delivery) => Ok(delivery),
            Seen::InFlight(_) => Err("in flight"),
            Seen::Durable => Err("durable"),
        }
    }

    #[test]
    fn values_and_their_order_make_the_identity() {
        let of = |values: &[&str]| BatchId::of(values.iter().map(|value| value.as_bytes()));
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
        for other in [&["b", "a"][..], &["ab"], &["a"], &["a", "b", ""], &[]] {
            assert_ne!(of(&["a", "b"]), of(other), "{other:?}");
        }
    }

    #[test]
    fn a_repetition_publishes_only_if_the_first_is_known_not_to_be_durable() {
        let window = Window::new(LONG, 10);
        let first = publish(&window, "a").unwrap();
        assert_eq!(publish(&window, "a").err(), Some("in flight"));
        first.not_queued(1, crate::kafka::Cause::Unavailable);
        let second = publish(&window, "a").expect("the first attempt is not durable");
        second.acknowledge();
        assert_eq!(publish(&window, "a").err(), Some("durable"));
        window.durable(id("a"), &first);
        window.durable(id("a"), &second);
        assert_eq!(publish(&window, "a").err(), Some("durable"));
        assert!(publish(&window, "b").is_ok());
    }

    #[test]
    fn what_was_refused_is_not_remembered() {
        let window = Window::new(LONG, 10);
        assert!(window.publish_once(id("a"), || Err("refused")).is_err());
        assert!(publish(&window, "a").is_ok());
    }

    #[test]
    fn the_oldest_are_forgotten_but_never_those_in_flight() {
        let window = Window::new(LONG, 2);
        let _in_flight = publish(&window, "a").unwrap();
        for value in ["b", "c", "d", "e"] {
            publish(&window, value).unwrap().acknowledge();
        }
        assert_eq!(publish(&window, "a").err(), Some("in flight"));
        assert_eq!(publish(&window, "e").err(), Some("durable"));
        assert!(publish(&window, "b").is_ok(), "more than the capacity ago");

        let window = Window::new(Duration::ZERO, 10);
        let in_flight = publish(&window, "a").unwrap();
        assert_eq!(publish(&window, "a").err(), Some("in flight"));
        in_flight.acknowledge();
        assert!(publish(&window, "a").is_ok(), "longer than the window ago");
    }
}
