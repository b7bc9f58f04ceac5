//! Steady pushes while something happens to Kafka.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use aicc_testkit::wait_until;

use crate::batch::Batch;

const SENDERS: usize = 4;
/// So many acknowledgements show that pushes flow.
const FLOWING: usize = 50;
const TIMEOUT: Duration = Duration::from_mins(1);

/// Senders, each of which pushes one batch after the other.
pub(super) struct Trickle {
    acknowledged: Mutex<Vec<Batch>>,
    over: AtomicBool,
}

/// Ends the pushing when dropped, also by a panic: the senders would be waited for in vain.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Trickle {
    /// Pushes while `fault` runs. Gives what was acknowledged; no answer may be another than one of `allowed`.
    pub(super) fn during(server: SocketAddr, allowed: &[&str], fault: impl FnOnce(&Self)) -> Vec<Batch> {
        let trickle = Self { acknowledged: Mutex::default(), over: AtomicBool::new(false) };
        thread::scope(|scope| {
            let _end = End(&trickle.over);
            let trickle = &trickle;
            for sender in 0..SENDERS {
                scope.spawn(move || trickle.push_on(sender, server, allowed));
            }
            fault(trickle);
        });
        trickle.acknowledged.into_inner().unwrap()
    }

    /// Waits until some more pushes are acknowledged.
    pub(super) fn flows(&self) {
        let before = self.acknowledged();
        wait_until(TIMEOUT, "pushes are acknowledged", || self.acknowledged() >= before + FLOWING);
    }

    fn push_on(&self, sender: usize, server: SocketAddr, allowed: &[&str]) {
        let mut push = 0;
        while !self.over.load(Ordering::Relaxed) {
            let batch = Batch::new(format!("sender {sender} push {push}"), 1 + push % 8);
            let answer = batch.push(server);
            assert!(allowed.contains(&answer.code.as_str()), "only {allowed:?} are allowed: {answer:?}");
            if answer.code == "0" {
                self.acknowledged.lock().unwrap().push(batch);
            }
            push += 1;
        }
    }

    fn acknowledged(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }
}
