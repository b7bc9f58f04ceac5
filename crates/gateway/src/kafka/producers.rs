//! The producer of the moment. A fatal error ends a producer for good; another takes its place, and what the old one
//! had in flight still gets its true outcome from it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::Thread;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use rdkafka::error::KafkaResult;
use rdkafka::producer::Producer as _;

use super::client::Producer;

/// Makes a producer whose record batches are at most so large, in bytes.
type Make = Box<dyn Fn(usize) -> KafkaResult<Producer> + Send + Sync>;

/// librdkafka's own default.
const BATCH_BYTES: usize = 1_000_000;

/// The current producer and those that still have records in flight.
pub(super) struct Producers {
    current: ArcSwap<Producer>,
    retired: Mutex<Vec<Arc<Producer>>>,
    batch_bytes: AtomicUsize,
    make: Make,
}

/// Wakes the thread that looks after the producers.
#[derive(Default)]
pub(super) struct Bell(OnceLock<Thread>);

impl Bell {
    /// From now on `ring` wakes this thread out of `park`.
    pub(super) fn wakes(&self, thread: Thread) {
        // Only one thread ever listens.
        let _ = self.0.set(thread);
    }

    pub(super) fn ring(&self) {
        if let Some(thread) = self.0.get() {
            thread.unpark();
        }
    }
}

impl Producers {
    pub(super) fn new(make: Make) -> KafkaResult<Self> {
        let first = ArcSwap::from_pointee(make(BATCH_BYTES)?);
        Ok(Self {
            current: first,
            retired: Mutex::default(),
            batch_bytes: AtomicUsize::new(BATCH_BYTES),
            make,
        })
    }

    /// The producer to use now.
    pub(super) fn current(&self) -> arc_swap::Guard<Arc<Producer>> {
        self.current.load()
    }

    /// Replaces a producer that met a fatal error, and lets go of those that have nothing in flight any more.
    pub(super) fn heal(&self) {
        if let Some((code, reason)) = self.current().client().fatal_error() {
            tracing::error!(%code, reason, "the producer failed for good; it is replaced");
            self.replace(self.batch_bytes.load(Ordering::Relaxed));
        }
        // One that somebody still holds may be about to get records; dropping a producer discards what it has.
        self.retired().retain(|producer| Arc::strong_count(producer) > 1 || producer.in_flight_count() > 0);
    }

    /// Keeps record batches to what every topic takes: one that is too large would fail as a whole, with the records of
    /// every push in it.
    pub(super) fn limit_batches(&self, bytes: usize) {
        let bytes = bytes.min(BATCH_BYTES);
        if self.batch_bytes.swap(bytes, Ordering::Relaxed) != bytes {
            tracing::info!(
                bytes,
                "record batches are limited to the smallest max.message.bytes of the topics"
            );
            self.replace(self.batch_bytes.load(Ordering::Relaxed));
        }
    }

    /// Another producer takes over; false where none can be made, which the next look tries again.
    fn replace(&self, batch_bytes: usize) -> bool {
        match (self.make)(batch_bytes) {
            Ok(new) => {
                self.batch_bytes.store(batch_bytes, Ordering::Relaxed);
                let old = self.current.swap(Arc::new(new));
                self.retired().push(old);
                true
            }
            Err(error) => {
                tracing::error!(%error, "no new producer can be made; trying again");
                false
            }
        }
    }

    /// Records that were handed over and are not reported yet.
    pub(super) fn queued(&self) -> usize {
        let retired: i32 = self.retired().iter().map(|producer| producer.in_flight_count()).sum();
        usize::try_from(self.current().in_flight_count() + retired).unwrap_or_default()
    }

    /// Waits until everything that was handed over is reported, at most `timeout`.
    pub(super) fn flush(&self, timeout: Duration) {
        let deadline = Instant::now() + timeout;
        let retired = self.retired().clone();
        for producer in retired.iter().chain([&*self.current()]) {
            // What is left is counted by the caller.
            let _ = producer.flush(deadline.saturating_duration_since(Instant::now()));
        }
    }

    fn retired(&self) -> MutexGuard<'_, Vec<Arc<Producer>>> {
        self.retired.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
