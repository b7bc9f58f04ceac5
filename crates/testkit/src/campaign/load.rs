//! The simulator as the senders.

use std::thread::{self, JoinHandle};
use std::time::Duration;

use aicc_auth::Secret;
use aicc_simulator::journal::Journal;
use aicc_simulator::push::{self, Options};
use aicc_simulator::sender::{Credentials, Load, Stop};
use aicc_simulator::summary::Summary;

use super::kind::Kind;
use super::plan::Plan;
use super::relay::{ACCESS_KEY, SECRET};

/// As many pushes can be in flight.
const CONNECTIONS: usize = 256;
const BATCH: &str = "1-20";
const USERS: u32 = 2000;
/// More than the gateway ever takes for an answer, `server.request_timeout` and a little.
const PATIENT: Duration = Duration::from_secs(20);
/// Less than a broker's failover takes.
const IMPATIENT: Duration = Duration::from_secs(2);
/// Enough for whatever failed to succeed in the end.
const RETRIES: u32 = 60;
const RETRY_DELAY: Duration = Duration::from_millis(500);
/// Of senders that hang up.
const DISCONNECTS: f64 = 0.1;

/// Pushes that are being sent.
pub(super) struct Senders {
    stop: Stop,
    thread: JoinHandle<Result<(Summary, Journal), String>>,
}

impl Senders {
    /// Begins to send `rate` messages a second to the gateway at `url`, for users of these channels. What is not
    /// acknowledged is sent again.
    pub(super) fn start(plan: &Plan, channels: &str, url: &str, rate: f64) -> Self {
        let options = options(plan, channels, url, rate);
        let stop = Stop::default();
        let stopped = stop.clone();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .map_err(|error| error.to_string())?;
            let run = runtime.block_on(push::run(options, &stopped)).map_err(|error| error.to_string())?;
            Ok((run.summary, run.journal.ok_or("no journal was kept")?))
        });
        Self { stop, thread }
    }

    /// Begins no more pushes.
    pub(super) fn stop(&self) {
        self.stop.stop();
    }

    /// Waits for the end of those that were begun.
    pub(super) fn end(self) -> Result<(Summary, Journal), String> {
        self.stop();
        self.thread.join().unwrap_or_else(|_| Err("the simulator panicked".to_owned()))
    }
}

fn options(plan: &Plan, channels: &str, url: &str, rate: f64) -> Options {
    Options {
        load: Load {
            target: url.parse().expect("a base URL"),
            credentials: Credentials { access_key: ACCESS_KEY.to_owned(), secret: Secret::new(SECRET) },
            connections: CONNECTIONS,
            rate: Some(rate),
            duration: None,
            timeout: if plan.has(Kind::ClientTimeouts) { IMPATIENT } else { PATIENT },
            retries: RETRIES,
            retry_delay: RETRY_DELAY,
            disconnect_share: if plan.has(Kind::ClientDisconnects) { DISCONNECTS } else { 0.0 },
        },
        messages: None,
        batch: BATCH.parse().expect("a range"),
        users: USERS,
        channels: channels.parse().expect("a mix"),
        seed: plan.seed,
        journal: true,
        verify: None,
    }
}
