//! Whether Kafka can be reached at all.
//!
//! A short outage is waited out, because a sender may never retry: only after a whole `kafka.publish_timeout` without
//! a word from any broker is Kafka known to be unreachable, and pushes are answered at once until it speaks again.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::clock::Clock;

/// What the last word from Kafka says of the present.
#[derive(Debug)]
pub(crate) struct Health {
    clock: Clock,
    patience: Duration,
    /// By the clock.
    last_word: AtomicU64,
    unreachable: AtomicBool,
}

impl Health {
    /// Kafka is thought to be reachable until `patience` has passed without a word from it.
    pub(super) fn new(patience: Duration) -> Self {
        Self {
            clock: Clock::start(),
            patience,
            last_word: AtomicU64::new(0),
            unreachable: AtomicBool::new(false),
        }
    }

    /// Whether nothing was heard for so long that waiting has no point.
    pub(crate) fn unreachable(&self) -> bool {
        self.unreachable.load(Ordering::Relaxed)
    }

    /// A broker answered something.
    pub(super) fn heard(&self) {
        self.last_word.store(self.clock.now(), Ordering::Relaxed);
        if self.unreachable.load(Ordering::Relaxed) && self.unreachable.swap(false, Ordering::Relaxed) {
            tracing::info!("Kafka is reachable again");
        }
    }

    /// Looks at the clock; called after each probe.
    pub(super) fn check(&self) {
        let silence = self.clock.since(self.last_word.load(Ordering::Relaxed));
        if silence >= self.patience && !self.unreachable.swap(true, Ordering::Relaxed) {
            tracing::error!(
                silence_seconds = silence.as_secs(),
                "no Kafka broker answers: pushes are answered 5031 at once until one does"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_becomes_a_state_only_after_the_patience_and_ends_with_a_word() {
        let patient = Health::new(Duration::from_hours(1));
        patient.check();
        assert!(!patient.unreachable());

        let impatient = Health::new(Duration::ZERO);
        impatient.check();
        assert!(impatient.unreachable());
        impatient.heard();
        assert!(!impatient.unreachable());
    }
}
