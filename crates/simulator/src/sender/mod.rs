//! Sends the pushes: a worker a connection, each push signed when it is sent.

mod connection;
mod schedule;
mod signer;
mod target;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout_at;

use self::connection::{Connection, ExchangeError};
pub use self::schedule::Stop;
use self::schedule::{Job, Source};
use self::signer::Signer;
pub use self::signer::{Credentials, SignerError};
pub use self::target::{Target, TargetError};
use crate::batch::{Batches, Push};
use crate::journal::RunId;
use crate::outcome::Outcome;
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
    /// The longest time from the start of a push, connecting included, to the end of its answer.
    pub timeout: Duration,
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

    /// Sends all of `batches`, or what of it the duration and `stop` allow, and waits for every answer.
    pub(crate) async fn send(
        &self,
        run: RunId,
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
                signer: Signer::new(self.credentials.clone(), self.target.clone()),
                connection: Connection::new(self.target.clone()),
            };
            let (source, recorder) = (Arc::clone(&source), Arc::clone(recorder));
            workers.spawn(async move {
                while let Some(Job { push, due }) = source.next().await {
                    recorder.begun();
                    let (outcome, sent) = worker.send(&push).await?;
                    recorder.ended(&Exchange { push, due, sent, answered: Instant::now(), outcome });
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

struct Worker {
    run: RunId,
    timeout: Duration,
    signer: Signer,
    connection: Connection,
}

impl Worker {
    /// How the push ended, and when its request was sent.
    async fn send(&mut self, push: &Push) -> Result<(Outcome, Instant), SendError> {
        let begun = Instant::now();
        let deadline = (begun + self.timeout).into();
        let request_id = self.run.request_id(push.sequence);
        loop {
            if timeout_at(deadline, self.connection.ready()).await.is_err() {
                return Ok((Outcome::NotConnected, begun));
            }
            let request = self.signer.request(&request_id, &push.body)?;
            let sent = Instant::now();
            match timeout_at(deadline, self.connection.exchange(request)).await {
                Ok(Ok(outcome)) => return Ok((outcome, sent)),
                Ok(Err(ExchangeError::Lost)) => return Ok((Outcome::ConnectionLost, sent)),
                Ok(Err(ExchangeError::NotSent)) => {}
                Err(_) => return Ok((Outcome::TimedOut, sent)),
            }
        }
    }
}
