//! Serving, draining, closed: what SIGTERM leads through, so that a rolling update fails no push.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Where the service stands.
#[derive(Debug, Default)]
pub(crate) struct Lifecycle {
    phase: AtomicU8,
    active: AtomicUsize,
}

const SERVING: u8 = 0;
const DRAINING: u8 = 1;
const CLOSED: u8 = 2;

/// A push that is being served.
#[derive(Debug)]
pub(crate) struct Active(Arc<Lifecycle>);

impl Lifecycle {
    /// Whether the end has been announced: `/readyz` fails, and every answer closes its connection.
    pub(crate) fn ending(&self) -> bool {
        self.phase.load(Ordering::SeqCst) != SERVING
    }

    /// Announces the end; pushes are still served.
    pub(crate) fn drain(&self) {
        self.phase.store(DRAINING, Ordering::SeqCst);
    }

    /// Serves no further push.
    pub(crate) fn close(&self) {
        self.phase.store(CLOSED, Ordering::SeqCst);
    }

    /// Admits a push, unless the service is closed.
    pub(crate) fn admit(self: &Arc<Self>) -> Option<Active> {
        // Counted first: who closes and then sees no active push must not miss one that passed the check.
        self.active.fetch_add(1, Ordering::SeqCst);
        let active = Active(self.clone());
        (self.phase.load(Ordering::SeqCst) != CLOSED).then_some(active)
    }

    /// Waits until no push is being served; false if `timeout` was not enough.
    pub(crate) async fn idle(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        while self.active.load(Ordering::SeqCst) > 0 {
            if Instant::now() >= deadline {
                return false;
            }
            sleep(Duration::from_millis(10)).await;
        }
        true
    }
}

impl Drop for Active {
    fn drop(&mut self) {
        self.0.active.fetch_sub(1, Ordering::SeqCst);
    }
}
