//! One connection slot: sends a push, and sends it again until it is acknowledged or enough was tried.

use std::time::{Duration, Instant};

use tokio::time::timeout_at;

use super::SendError;
use super::connection::{Connection, ExchangeError};
use super::disconnect::Disconnects;
use super::signer::Signer;
use crate::batch::Push;
use crate::journal::RunId;
use crate::outcome::Outcome;
use crate::recorder::Try;

pub(super) struct Worker {
    pub(super) run: RunId,
    /// Of one attempt.
    pub(super) timeout: Duration,
    pub(super) retries: u32,
    pub(super) retry_delay: Duration,
    pub(super) disconnects: Disconnects,
    pub(super) signer: Signer,
    pub(super) connection: Connection,
}

impl Worker {
    /// All attempts of a push, at least one.
    pub(super) async fn send(&mut self, push: &Push) -> Result<Vec<Try>, SendError> {
        let mut tries = Vec::with_capacity(1);
        for attempt in 0..=self.retries {
            if attempt > 0 {
                tokio::time::sleep(self.retry_delay).await;
            }
            let (outcome, sent) = self.attempt(push, attempt).await?;
            tries.push(Try { sent, answered: Instant::now(), outcome });
            if !outcome.retryable() {
                break;
            }
        }
        Ok(tries)
    }

    /// How the attempt ended, and when its request was sent.
    async fn attempt(&mut self, push: &Push, attempt: u32) -> Result<(Outcome, Instant), SendError> {
        let begun = Instant::now();
        let deadline = begun + self.timeout;
        let request_id = self.run.request_id(push.sequence, attempt);
        let disconnect = self.disconnects.after(push.sequence, attempt);
        loop {
            if timeout_at(deadline.into(), self.connection.ready()).await.is_err() {
                return Ok((Outcome::NotConnected, begun));
            }
            let request = self.signer.request(&request_id, &push.body)?;
            let sent = Instant::now();
            let end = disconnect.map_or(deadline, |after| deadline.min(sent + after));
            let outcome = match (timeout_at(end.into(), self.connection.exchange(request)).await, disconnect)
            {
                (Ok(Err(ExchangeError::NotSent)), _) => continue,
                // Also if the answer was faster: then it is the one that a client loses when it crashes.
                (_, Some(_)) => {
                    self.connection.close();
                    Outcome::Aborted
                }
                (Ok(Ok(outcome)), None) => outcome,
                (Ok(Err(ExchangeError::Lost)), None) => Outcome::ConnectionLost,
                (Err(_), None) => Outcome::TimedOut,
            };
            return Ok((outcome, sent));
        }
    }
}
