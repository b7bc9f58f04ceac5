//! Takes down every push as it ends: counts, latencies, and the journal for the proof.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use hdrhistogram::Histogram;

use crate::batch::Push;
use crate::journal::{Attempt, Journal, Verdict};
use crate::outcome::Outcome;

/// Microseconds; what takes longer is counted as this.
const LONGEST_LATENCY: u64 = 3_600_000_000;
/// Significant digits of latencies.
const DIGITS: u8 = 3;

/// A push and how it ended.
pub(crate) struct Exchange {
    pub(crate) push: Push,
    /// When it was due, in an open loop.
    pub(crate) due: Option<Instant>,
    /// Its attempts, one after the other; the last one decides how the push ended.
    pub(crate) tries: Vec<Try>,
}

/// One attempt to send a push.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Try {
    /// Before the first byte was written.
    pub(crate) sent: Instant,
    /// After the answer was read, or given up.
    pub(crate) answered: Instant,
    pub(crate) outcome: Outcome,
}

/// Pushes and messages of one outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// Pushes.
    pub pushes: u64,
    /// Their messages.
    pub messages: u64,
}

impl Count {
    pub(crate) fn add(&mut self, other: Count) {
        self.pushes += other.pushes;
        self.messages += other.messages;
    }
}

/// All that is known of a run so far.
#[derive(Debug)]
pub(crate) struct Tally {
    /// Of pushes: how the last attempt of each ended.
    pub(crate) outcomes: HashMap<Outcome, Count>,
    /// Of attempts after which the push was sent again.
    pub(crate) retried: HashMap<Outcome, Count>,
    /// Body bytes.
    pub(crate) bytes: u64,
    /// Microseconds to the answer, of acknowledged pushes.
    pub(crate) latency: Histogram<u64>,
    /// The same since the last progress line.
    pub(crate) recent: Histogram<u64>,
    journal: Option<Journal>,
}

impl Tally {
    pub(crate) fn total(&self) -> Count {
        self.outcomes.values().fold(Count::default(), |mut sum, count| {
            sum.add(*count);
            sum
        })
    }

    pub(crate) fn acknowledged(&self) -> Count {
        let acknowledged = |outcome: &&Outcome| outcome.verdict() == Verdict::Acknowledged;
        let outcome = self.outcomes.keys().find(acknowledged);
        outcome.map_or(Count::default(), |outcome| self.outcomes[outcome])
    }
}

/// Shared by the workers and the progress line.
#[derive(Debug)]
pub(crate) struct Recorder {
    start: Instant,
    begun: AtomicU64,
    tally: Mutex<Tally>,
}

impl Recorder {
    /// A run that starts now. Without a journal it cannot be verified.
    pub(crate) fn new(journal: Option<Journal>) -> Result<Self, hdrhistogram::CreationError> {
        let histogram = Histogram::new_with_bounds(1, LONGEST_LATENCY, DIGITS)?;
        let tally = Tally {
            outcomes: HashMap::new(),
            retried: HashMap::new(),
            bytes: 0,
            latency: histogram.clone(),
            recent: histogram,
            journal,
        };
        Ok(Self { start: Instant::now(), begun: AtomicU64::new(0), tally: Mutex::new(tally) })
    }

    pub(crate) fn start(&self) -> Instant {
        self.start
    }

    pub(crate) fn begun(&self) {
        self.begun.fetch_add(1, Ordering::Relaxed);
    }

    /// Pushes that were begun, whether they ended or not.
    pub(crate) fn pushes_begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    pub(crate) fn ended(&self, exchange: &Exchange) {
        let Exchange { push, due, tries } = exchange;
        let (Some(first), Some((last, retried))) = (tries.first(), tries.split_last()) else { return };
        // From when it was due: a push that waited for a connection counts its wait (no coordinated omission).
        let latency = last.answered.duration_since(due.unwrap_or(first.sent));
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        let mut tally = self.tally();
        let count = Count { pushes: 1, messages: push.messages.len() as u64 };
        tally.outcomes.entry(last.outcome).or_default().add(count);
        for Try { outcome, .. } in retried {
            tally.retried.entry(*outcome).or_default().add(count);
        }
        tally.bytes += push.body.len() as u64;
        if last.outcome.verdict() == Verdict::Acknowledged {
            tally.latency.saturating_record(micros);
            tally.recent.saturating_record(micros);
        }
        if let Some(journal) = &mut tally.journal {
            let at = |instant: Instant| instant.duration_since(self.start);
            let attempt = |tried: &Try| Attempt {
                sent: at(tried.sent),
                answered: at(tried.answered),
                outcome: tried.outcome,
            };
            journal.record(push, &tries.iter().map(attempt).collect::<Vec<_>>());
        }
    }

    pub(crate) fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The journal, in order; once.
    pub(crate) fn take_journal(&self) -> Option<Journal> {
        let mut journal = self.tally().journal.take()?;
        journal.sort();
        Some(journal)
    }
}
