//! Where the workers get their pushes from: at once when the last one is answered (closed loop), or by a schedule
//! that is fixed beforehand and does not wait for answers (open loop).

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::batch::{Batches, Push};

/// Pushes that are due and wait for a connection. With more, the schedule's thread falls behind, but not the
/// instants that latency is measured from.
const BACKLOG: usize = 4096;

/// The longest sleep between two looks at whether to stop.
const NAP: Duration = Duration::from_millis(50);

/// Ends a run early: no push is begun any more; those in flight, retries included, are waited for.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Ends the run.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A push to send.
pub(super) struct Job {
    pub(super) push: Push,
    /// When it was due, in an open loop.
    pub(super) due: Option<Instant>,
}

/// Evenly spread messages: a push is due when all before it have gone at the rate.
#[derive(Debug, Clone, Copy)]
struct Schedule {
    /// Messages a second.
    rate: f64,
}

impl Schedule {
    /// When a push is due, from the start of the run.
    fn due(self, push: &Push) -> Duration {
        // Precise to the microsecond for millions of years.
        #[expect(clippy::cast_precision_loss)]
        let seconds = push.messages_before as f64 / self.rate;
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }
}

/// How pushes are handed to the workers.
pub(super) enum Source {
    Closed { batches: Box<Mutex<Batches>>, end: Option<Instant>, stop: Stop },
    Open(tokio::sync::Mutex<mpsc::Receiver<Job>>),
}

impl Source {
    /// `rate` in messages a second makes it an open loop; `duration` is from `start`.
    pub(super) fn new(
        batches: Batches,
        rate: Option<f64>,
        start: Instant,
        duration: Option<Duration>,
        stop: Stop,
    ) -> Self {
        let end = duration.and_then(|duration| start.checked_add(duration));
        let Some(rate) = rate else {
            return Self::Closed { batches: Box::new(Mutex::new(batches)), end, stop };
        };
        let (sender, receiver) = mpsc::channel(BACKLOG);
        // A thread of its own: the runtime's timers are only good to a millisecond.
        std::thread::spawn(move || keep(Schedule { rate }, start, end, batches, &stop, &sender));
        Self::Open(tokio::sync::Mutex::new(receiver))
    }

    /// The next push, when it is due; none when the run is over.
    pub(super) async fn next(&self) -> Option<Job> {
        match self {
            Self::Closed { batches, end, stop } => {
                if stop.is_set() || end.is_some_and(|end| Instant::now() >= end) {
                    return None;
                }
                let push = batches.lock().unwrap_or_else(PoisonError::into_inner).next()?;
                Some(Job { push, due: None })
            }
            Self::Open(receiver) => receiver.lock().await.recv().await,
        }
    }
}

/// Hands out every push at its time, until the end or until nobody listens any more.
fn keep(
    schedule: Schedule,
    start: Instant,
    end: Option<Instant>,
    batches: Batches,
    stop: &Stop,
    jobs: &mpsc::Sender<Job>,
) {
    for push in batches {
        let Some(due) = start.checked_add(schedule.due(&push)) else { return };
        if end.is_some_and(|end| due >= end) {
            return;
        }
        while !stop.is_set() {
            let left = due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            std::thread::sleep(left.min(NAP));
        }
        if stop.is_set() || jobs.blocking_send(Job { push, due: Some(due) }).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng, rngs::StdRng};

    use super::*;
    use crate::batch::Traffic;
    use crate::conversation::Users;

    fn batches(sizes: &str, messages: Option<u64>) -> Batches {
        let mut rng = StdRng::seed_from_u64(1);
        let users = Arc::new(Users::new(10, &"WEB=1".parse().unwrap(), &mut rng));
        Batches::new(Traffic { users, sizes: sizes.parse().unwrap(), messages, seed: 1, start_ms: 0 })
    }

    #[test]
    fn pushes_are_due_when_the_messages_before_them_have_gone_at_the_rate() {
        let schedule = Schedule { rate: 2_000.0 };
        let due: Vec<Duration> = batches("10", Some(40)).map(|push| schedule.due(&push)).collect();
        assert_eq!(due, [0, 5, 10, 15].map(Duration::from_millis));

        for push in batches("1-50", Some(1_000)) {
            assert_eq!(schedule.due(&push), Duration::from_micros(push.messages_before * 500));
        }
    }

    #[tokio::test]
    async fn an_open_loop_keeps_its_instants_when_nobody_takes_the_pushes() {
        // All long due: were the instants taken when a push is fetched, they would lie close together.
        let start = Instant::now().checked_sub(Duration::from_mins(1)).unwrap();
        let source = Source::new(batches("1", Some(10)), Some(1.0), start, None, Stop::default());
        let mut due = Vec::new();
        while let Some(job) = source.next().await {
            due.push(job.due.unwrap() - start);
        }
        assert_eq!(due, (0..10).map(Duration::from_secs).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn an_open_loop_ends_with_its_duration() {
        let start = Instant::now().checked_sub(Duration::from_mins(1)).unwrap();
        let end = Some(Duration::from_secs(5));
        let source = Source::new(batches("1", None), Some(2.0), start, end, Stop::default());
        let mut count = 0;
        while source.next().await.is_some() {
            count += 1;
        }
        assert_eq!(count, 10);
    }

    #[tokio::test]
    async fn a_stop_ends_both_loops() {
        for rate in [None, Some(0.001)] {
            let stop = Stop::default();
            let source = Source::new(batches("1", None), rate, Instant::now(), None, stop.clone());
            assert!(source.next().await.is_some());
            stop.stop();
            assert!(source.next().await.is_none());
        }
    }
}
