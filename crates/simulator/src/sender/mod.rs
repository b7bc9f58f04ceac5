//! Sends the pushes: a worker a connection, each push signed when it is sent.
//!
//! A push that is not acknowledged can be sent again, by its own worker and before that one's next push. Other workers
//! go on meanwhile, also with messages for the same users: a push is in flight from its first attempt to its `0`, and
//! pushes in flight together have no mutual order. With one connection every push follows the last one's `0`.

mod connection;
mod disconnect;
mod schedule;
mod signer;
mod target;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout_at;

use self::connection::Connection;
use self::disconnect::Disconnects;
pub use self::schedule::Stop;
use self::schedule::{Job, Source};
use self::signer::Signer;
pub use self::signer::{Credentials, SignerError};
pub use self::target::{Target, TargetError};
use self::worker::Worker;
use crate::batch::Batches;
use crate::journal::RunId;
use crate::recorder::{Exchange, Recorder};

/// How pushes are sent.
#[derive(Debug, Clone)]
pub struct Load {
    /// Where to.
    pub target: Target,
    /// Signed with what.
    pub credentials: Credentials,
    /// Connections, each with at most one push in flight.
    pub connections: usize,
    /// Messages a second by a fixed schedule (open loop); without it, each connection sends the next push when the
    /// last is answered (closed loop).
    pub rate: Option<f64>,
    /// No push is begun later than this after the start.
    pub duration: Option<Duration>,
    /// The longest time from the start of an attempt, connecting included, to the end of its answer.
    pub timeout: Duration,
    /// How often a push that is not acknowledged is sent again, unless the fault is its own: the identical body, newly
    /// signed, under a new request id.
    pub retries: u32,
    /// From the end of an attempt to the start of the next.
    pub retry_delay: Duration,
    /// The share of attempts, from 0 to 1, whose connection the sender closes at a random moment without an answer.
    pub disconnect_share: f64,
}

/// Why nothing could be sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The first connection failed.
    #[error("cannot connect to {authority}: {source}")]
    Connect {
        /// Host and port.
        authority: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// No request can be made with this access key and URL.
    #[error(transparent)]
    Signer(#[from] SignerError),
    /// A worker ended by a defect.
    #[error("a worker of the simulator failed: {0}")]
    Worker(#[from] tokio::task::JoinError),
}

impl Load {
    /// Finds what would make every push fail: an address where nobody listens, an unusable access key.
    pub(crate) async fn check(&self) -> Result<(), SendError> {
        let Target { host, port, authority, .. } = &self.target;
        let deadline = tokio::time::Instant::now() + self.timeout;
        let connected = timeout_at(deadline, TcpStream::connect((host.as_str(), *port))).await;
        connected
            .unwrap_or_else(|elapsed| Err(elapsed.into()))
            .map_err(|source| SendError::Connect { authority: authority.clone(), source })?;
        Signer::new(self.credentials.clone(), self.target.clone()).request("check", &"{}".into())?;
        Ok(())
    }

    /// Sends all of `batches`, or what of it the duration and `stop` allow, and waits for every answer. `seed` decides
    /// which attempts are broken off.
    pub(crate) async fn send(
        &self,
        run: RunId,
        seed: u64,
        batches: Batches,
        recorder: &Arc<Recorder>,
        stop: &Stop,
    ) -> Result<(), SendError> {
        let source = Source::new(batches, self.rate, recorder.start(), self.duration, stop.clone());
        let source = Arc::new(source);
        let mut workers: JoinSet<Result<(), SendError>> = JoinSet::new();
        for _ in 0..self.connections {
            let mut worker = Worker {
                run,
                timeout: self.timeout,
                retries: self.retries,
                retry_delay: self.retry_delay,
                disconnects: Disconnects { share: self.disconnect_share, seed },
                signer: Signer::new(self.credentials.clone(), self.target.clone()),
                connection: Connection::new(self.target.clone()),
            };
            let (source, recorder) = (Arc::clone(&source), Arc::clone(recorder));
            workers.spawn(async move {
                while let Some(Job { push, due }) = source.next().await {
                    recorder.begun();
                    let tries = worker.send(&push).await?;
                    recorder.ended(&Exchange { push, due, tries });
                }
                Ok(())
            });
        }
        while let Some(worker) = workers.join_next().await {
            worker??;
        }
        Ok(())
    }
}
