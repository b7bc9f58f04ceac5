//! The outcome of one batch: a counter that delivery reports count down, and one wake-up when the last has come.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use super::native::Persistence;

/// How a batch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Every record is in Kafka, acknowledged by all in-sync replicas.
    Durable,
    /// No record is in Kafka, and none will be.
    NotDurable(Cause),
    /// Some record is, or may be, in Kafka.
    Unknown,
}

/// Why nothing of a batch is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Kafka cannot be reached, or has too few replicas.
    Unavailable,
    /// Kafka refuses the topic or the record.
    Refused,
}

const WRITTEN: u8 = 1;
const MAYBE: u8 = 2;
const UNAVAILABLE: u8 = 4;
const REFUSED: u8 = 8;

/// A batch in the producer, whether or not anybody still waits for it. `guard` is dropped with its last report: the
/// room that the batch takes in flight.
pub(crate) struct Delivery {
    remaining: AtomicUsize,
    seen: AtomicU8,
    settled: Notify,
    counted: AtomicBool,
    guard: Mutex<Option<Box<dyn Send>>>,
}

impl Delivery {
    /// A batch of `records`, none of which has been reported yet.
    pub(crate) fn new(records: usize, guard: impl Send + 'static) -> Self {
        Self {
            remaining: AtomicUsize::new(records),
            seen: AtomicU8::new(0),
            settled: Notify::new(),
            counted: AtomicBool::new(false),
            guard: Mutex::new(Some(Box::new(guard))),
        }
    }

    /// The report of one record: acknowledged, or an error with what librdkafka knows of the log.
    pub(super) fn report(&self, error: Option<Cause>, persistence: Persistence) {
        let seen = match (error, persistence) {
            (None, _) => WRITTEN,
            (Some(_), Persistence::Yes | Persistence::Possibly) => MAYBE,
            (Some(Cause::Unavailable), Persistence::Not) => UNAVAILABLE,
            (Some(Cause::Refused), Persistence::Not) => REFUSED,
        };
        self.settle(1, seen);
    }

    /// The last `records` of the batch were never queued.
    pub(crate) fn not_queued(&self, records: usize, cause: Cause) {
        self.settle(
            records,
            match cause {
                Cause::Unavailable => UNAVAILABLE,
                Cause::Refused => REFUSED,
            },
        );
    }

    /// True for the first who asks: who is to count the batch's messages.
    pub(crate) fn count(&self) -> bool {
        !self.counted.swap(true, Ordering::Relaxed)
    }

    fn settle(&self, records: usize, seen: u8) {
        self.seen.fetch_or(seen, Ordering::Relaxed);
        // Release, so that who sees 0 sees every bit; Acquire is in `outcome`.
        if self.remaining.fetch_sub(records, Ordering::AcqRel) == records {
            drop(self.guard.lock().unwrap_or_else(PoisonError::into_inner).take());
            self.settled.notify_waiters();
        }
    }

    /// The outcome, once every record has been reported.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        if self.remaining.load(Ordering::Acquire) > 0 {
            return None;
        }
        Some(match self.seen.load(Ordering::Relaxed) {
            0 | WRITTEN => Outcome::Durable,
            UNAVAILABLE => Outcome::NotDurable(Cause::Unavailable),
            seen if seen & (WRITTEN | MAYBE) == 0 => Outcome::NotDurable(Cause::Refused),
            _ => Outcome::Unknown,
        })
    }

    /// One record was acknowledged.
    #[cfg(test)]
    pub(crate) fn acknowledge(&self) {
        self.report(None, Persistence::Yes);
    }

    /// Waits for the outcome. Any number may wait; giving up changes nothing.
    pub(crate) async fn settled(&self) -> Outcome {
        loop {
            let mut settled = std::pin::pin!(self.settled.notified());
            settled.as_mut().enable();
            if let Some(outcome) = self.outcome() {
                return outcome;
            }
            settled.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(reports: &[(Option<Cause>, Persistence)]) -> Option<Outcome> {
        let delivery = Delivery::new(reports.len(), ());
        for &(error, persistence) in reports {
            assert_eq!(delivery.outcome(), None);
            delivery.report(error, persistence);
        }
        delivery.outcome()
    }

    #[test]
    fn a_batch_is_durable_only_if_every_record_was_acknowledged() {
        use Persistence::{Not, Possibly, Yes};
        const UNAVAILABLE: Option<Cause> = Some(Cause::Unavailable);
        const REFUSED: Option<Cause> = Some(Cause::Refused);
        for (reports, expected) in [
            (vec![], Outcome::Durable),
            (vec![(None, Yes), (None, Yes)], Outcome::Durable),
            (vec![(None, Yes), (UNAVAILABLE, Not)], Outcome::Unknown),
            (vec![(REFUSED, Not), (None, Yes)], Outcome::Unknown),
            (vec![(UNAVAILABLE, Possibly)], Outcome::Unknown),
            (vec![(UNAVAILABLE, Yes)], Outcome::Unknown),
            (vec![(UNAVAILABLE, Not), (UNAVAILABLE, Possibly)], Outcome::Unknown),
            (vec![(UNAVAILABLE, Not), (UNAVAILABLE, Not)], Outcome::NotDurable(Cause::Unavailable)),
            (vec![(UNAVAILABLE, Not), (REFUSED, Not)], Outcome::NotDurable(Cause::Refused)),
        ] {
            assert_eq!(outcome(&reports), Some(expected), "{reports:?}");
        }
    }

    #[test]
    fn what_was_never_queued_is_not_durable() {
        let delivery = Delivery::new(3, ());
        delivery.not_queued(3, Cause::Unavailable);
        assert_eq!(delivery.outcome(), Some(Outcome::NotDurable(Cause::Unavailable)));

        let delivery = Delivery::new(3, ());
        delivery.report(None, Persistence::Yes);
        delivery.not_queued(2, Cause::Refused);
        assert_eq!(delivery.outcome(), Some(Outcome::Unknown));
    }

    #[tokio::test]
    async fn everybody_who_waits_learns_the_outcome() {
        let delivery = std::sync::Arc::new(Delivery::new(1, ()));
        let waiters: Vec<_> = (0..3)
            .map(|_| {
                let delivery = delivery.clone();
                tokio::spawn(async move { delivery.settled().await })
            })
            .collect();
        tokio::task::yield_now().await;
        delivery.report(None, Persistence::Yes);
        for waiter in waiters {
            assert_eq!(waiter.await.unwrap(), Outcome::Durable);
        }
        assert_eq!(delivery.settled().await, Outcome::Durable);
    }
}
