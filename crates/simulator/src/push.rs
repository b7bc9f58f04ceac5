//! A whole run: mark the topics, send, sum up, verify.

use std::slice;
use std::sync::Arc;
use std::time::Duration;

use rand::{SeedableRng as _, rngs::StdRng};
use rustix::time::{ClockId, clock_gettime};

use crate::batch::{BatchSizes, Batches, Traffic};
use crate::conversation::{ChannelMix, Users};
use crate::journal::{Journal, RunId};
use crate::progress::Progress;
use crate::recorder::Recorder;
use crate::sender::{Load, SendError, Stop};
use crate::summary::Summary;
use crate::verify::{self, Duplicates, Kafka, Mark, ReadError, Topics, Verification};

/// Everything that decides a run.
#[derive(Debug, Clone)]
pub struct Options {
    /// How pushes are sent.
    pub load: Load,
    /// Messages in all; without it the load's duration or a [`Stop`] ends the run.
    pub messages: Option<u64>,
    /// Messages in a push.
    pub batch: BatchSizes,
    /// Number of users.
    pub users: u32,
    /// Their channels.
    pub channels: ChannelMix,
    /// Decides everything that is random.
    pub seed: u64,
    /// Keep the journal, though nothing may be verified.
    pub journal: bool,
    /// What to verify against, if at all.
    pub verify: Option<Proof>,
}

/// What a run is verified against.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Where to read.
    pub kafka: Kafka,
    /// What to read.
    pub topics: Topics,
    /// Which duplicates are no violation.
    pub allowed: Duplicates,
}

/// What came of a run.
#[derive(Debug)]
pub struct Run {
    /// The figures.
    pub summary: Summary,
    /// What was sent, if the journal is kept or the run is verified.
    pub journal: Option<Journal>,
    /// What the topics hold, if it is verified.
    pub verification: Option<Result<Verification, ReadError>>,
}

/// Why there was no run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Nothing can be sent.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The topics cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The system's clock is wrong by centuries.
    #[error("the system's clock cannot be used")]
    Clock,
    /// A part of the simulator failed.
    #[error("a part of the simulator failed: {0}")]
    Defect(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Sends as `options` say until all is sent or `stop` is set; then waits for the answers, and verifies.
pub async fn run(options: Options, stop: &Stop) -> Result<Run, RunError> {
    let Options { load, messages, batch, users, channels, seed, journal, verify } = options;
    load.check().await?;
    let proof = match verify {
        Some(proof) => {
            Some(blocking(move || Mark::set(&proof.kafka, &proof.topics).map(|mark| (mark, proof))).await??)
        }
        None => None,
    };

    let users = Arc::new(Users::new(users, &channels, &mut StdRng::seed_from_u64(seed)));
    let start_ms = unix_millis().ok_or(RunError::Clock)?;
    let traffic = Traffic { users: Arc::clone(&users), sizes: batch, messages, seed, start_ms };
    // Not from the seed: two runs with the same seed are two runs.
    let run = RunId::new(rand::random());
    let starts = proof.as_ref().map(|(mark, _)| mark.offsets().clone());
    let journal = (journal || proof.is_some()).then(|| Journal::new(run, users, starts.unwrap_or_default()));
    let recorder = Arc::new(Recorder::new(journal).map_err(|error| RunError::Defect(error.into()))?);

    let cpu_before = cpu_time();
    let progress = Progress::start(Arc::clone(&recorder));
    let sent = load.send(run, seed, Batches::new(traffic), &recorder, stop).await;
    let (duration, cpu) = (recorder.start().elapsed(), cpu_time().saturating_sub(cpu_before));
    progress.finish();
    sent?;

    let summary = Summary::new(seed, &recorder.tally(), duration, cpu);
    match (proof, recorder.take_journal()) {
        (Some((mark, Proof { topics, allowed, .. })), Some(journal)) => {
            let (journal, verification) = blocking(move || {
                let verification = verify::verify(slice::from_ref(&journal), &topics, &mark, allowed);
                (journal, verification)
            })
            .await?;
            Ok(Run { summary, journal: Some(journal), verification: Some(verification) })
        }
        (_, journal) => Ok(Run { summary, journal, verification: None }),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, RunError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| RunError::Defect(error.into()))
}

fn unix_millis() -> Option<i64> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(now.as_millis()).ok()
}

/// CPU time of the whole process so far.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}
