//! `aicc-simulator push`: what may be typed, and the run that it means.

use std::env;
use std::fs;
use std::io;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::time::Duration;

use aicc_auth::Secret;
use clap::Args;

use super::kafka::KafkaArgs;
use crate::batch::BatchSizes;
use crate::conversation::ChannelMix;
use crate::push::Options;
use crate::sender::{Credentials, Load, Target};

/// Where the secret is read from if no file is named.
const SECRET_VARIABLE: &str = "AICC_SECRET";

const EXAMPLES: &str = "\
Examples:
  10,000 messages in pushes of 10, as fast as 8 connections can, then the proof:
    AICC_SECRET=... aicc-simulator push --access-key demo --verify

  2,000 messages a second for a minute, whether they are answered or not (true latencies):
    aicc-simulator push --access-key demo --secret-file secret --rate 2000 --duration 60s

  100,000 messages in pushes of 1 to 50 at 64 connections, verified on a cluster with SASL:
    aicc-simulator push --access-key demo --secret-file secret --messages 100000 --batch 1-50 \\
      --connections 64 --verify --bootstrap-servers kafka:9093 \\
      --kafka-property security.protocol=SASL_SSL --kafka-property sasl.mechanism=SCRAM-SHA-512 \\
      --kafka-property sasl.username=reader --kafka-property sasl.password=...

  A sender that does not give up and sometimes crashes; the journal can be verified again:
    aicc-simulator push --access-key demo --secret-file secret --rate 500 --duration 5m \\
      --retries 100 --retry-delay 200ms --timeout 16s --disconnect-share 0.02 \\
      --verify --journal run.journal

Exit code:
  0  every push was acknowledged and, with --verify, the topics hold what they should
  1  there was no run, or the topics could not be read after it
  2  the command line is wrong
  3  a push was not acknowledged
  4  --verify found a violation";

/// `aicc-simulator push`. Without `Debug`: a Kafka property may be a password.
#[derive(Args)]
#[command(after_long_help = EXAMPLES, after_help = "With --help: examples and exit codes.")]
pub struct PushArgs {
    /// The relay's base URL; /webhooks/v1/messages is put behind it.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: Target,
    /// The access key to sign with.
    #[arg(long, value_name = "NAME")]
    access_key: String,
    /// File with the access key's secret; without it, the environment variable `AICC_SECRET`. White space around it is
    /// ignored. (There is no flag for the secret itself: command lines can be read by others.)
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,

    /// Messages in all. [default: 10000, or no limit with --duration]
    #[arg(long, value_name = "N")]
    messages: Option<NonZeroU64>,
    /// End after this time, for example 30s or 5m.
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    duration: Option<Duration>,
    /// Connections, each with at most one push in flight.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,
    /// Messages a second, sent by a fixed schedule whether earlier ones are answered or not (open loop). Without it,
    /// each connection sends its next push when the last one is answered (closed loop).
    #[arg(long, value_name = "R", value_parser = rate)]
    rate: Option<f64>,
    /// Messages in a push: a number, or a range to draw from.
    #[arg(long, value_name = "N|MIN-MAX", default_value = "10")]
    batch: BatchSizes,
    /// The longest time an attempt to send a push may take, connecting included.
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = humantime::parse_duration)]
    timeout: Duration,
    /// How often a push is sent again that is not acknowledged (unless its code says that this cannot help): the same
    /// body, newly signed, under a new request id, on the same connection before its next push.
    #[arg(long, value_name = "N", default_value_t = 0)]
    retries: u32,
    /// The pause before a push is sent again.
    #[arg(long, value_name = "TIME", default_value = "200ms", value_parser = humantime::parse_duration)]
    retry_delay: Duration,
    /// The share of attempts, from 0 to 1, that are broken off at a random moment (by the seed) as by a crashing client.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    disconnect_share: f64,

    /// Users; the user of rank r is written to in proportion to 1/r.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    users: u32,
    /// The channels' shares of the users.
    #[arg(long, value_name = "CHANNEL=WEIGHT,…", default_value = "WEB=80,WHATSAPP=15,LINE=5")]
    channels: ChannelMix,
    /// Makes the same conversations again (with other timestamps). [default: random]
    #[arg(long, value_name = "S")]
    seed: Option<u64>,

    /// Read the topics back and compare every record with what was sent. Nobody else may write to them meanwhile.
    #[arg(long)]
    verify: bool,
    /// Write what was sent, and how it was answered, to a file for `aicc-simulator verify`.
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    kafka: KafkaArgs,
}

/// Why the secret could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Neither a file nor the environment has it.
    #[error("no secret: name a file with --secret-file, or set {SECRET_VARIABLE}")]
    Missing,
    /// The file cannot be read.
    #[error("cannot read the secret from {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// There is nothing in it.
    #[error("the secret is empty")]
    Empty,
}

impl PushArgs {
    /// The run that is meant. Reads the secret, and draws a seed if none was given.
    pub fn options(&self) -> Result<Options, SecretError> {
        let default_messages = self.duration.is_none().then_some(10_000);
        Ok(Options {
            load: Load {
                target: self.url.clone(),
                credentials: Credentials { access_key: self.access_key.clone(), secret: self.secret()? },
                connections: self.connections.into(),
                rate: self.rate,
                duration: self.duration,
                timeout: self.timeout,
                retries: self.retries,
                retry_delay: self.retry_delay,
                disconnect_share: self.disconnect_share,
            },
            messages: self.messages.map(NonZeroU64::get).or(default_messages),
            batch: self.batch,
            users: self.users,
            channels: self.channels.clone(),
            seed: self.seed.unwrap_or_else(rand::random),
            journal: self.journal.is_some(),
            verify: self.verify.then(|| self.kafka.proof()),
        })
    }

    fn secret(&self) -> Result<Secret, SecretError> {
        let text = match &self.secret_file {
            Some(path) => {
                fs::read_to_string(path).map_err(|source| SecretError::File { path: path.clone(), source })?
            }
            None => env::var(SECRET_VARIABLE).map_err(|_| SecretError::Missing)?,
        };
        match text.trim() {
            "" => Err(SecretError::Empty),
            secret => Ok(Secret::new(secret)),
        }
    }
}

fn rate(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|rate: &f64| rate.is_finite() && *rate > 0.0).ok_or("not a rate above 0")
}

fn share(text: &str) -> Result<f64, &'static str> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).ok_or("not a share from 0 to 1")
}
