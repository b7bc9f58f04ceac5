//! The command line of `aicc-simulator`: what may be typed, and the options of a run that it means.

use std::env;
use std::fs;
use std::io;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::time::Duration;

use aicc_auth::Secret;
use clap::{Args, Parser, Subcommand};

use crate::batch::BatchSizes;
use crate::conversation::ChannelMix;
use crate::push::Options;
use crate::sender::{Credentials, Load, Target};
use crate::verify::{Kafka, Topics};

/// Everything is acknowledged and, if asked for, verified.
pub const EXIT_OK: u8 = 0;
/// There was no run, or the topics could not be read after it.
pub const EXIT_ERROR: u8 = 1;
/// Some push was not acknowledged.
pub const EXIT_NOT_ACKNOWLEDGED: u8 = 3;
/// The topics do not hold what was promised.
pub const EXIT_VIOLATIONS: u8 = 4;

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

Exit code:
  0  every push was acknowledged and, with --verify, the topics hold what they should
  1  there was no run, or the topics could not be read after it
  2  the command line is wrong
  3  a push was not acknowledged
  4  --verify found a violation";

/// The sender's side of AICC's push interface.
#[derive(Parser)]
#[command(name = "aicc-simulator", version, about)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What can be done.
#[derive(Subcommand)]
pub enum Command {
    /// Push conversations to a relay, measure, and prove that each message arrived once and in order.
    Push(Box<PushArgs>),
}

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
    /// The longest time a push may take, connecting included.
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = humantime::parse_duration)]
    timeout: Duration,

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
    /// Kafka, for --verify.
    #[arg(long, value_name = "HOST:PORT,…", default_value = "localhost:9092")]
    bootstrap_servers: String,
    /// A librdkafka property for --verify; may be given again.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    kafka_property: Vec<(String, String)>,
    /// The topic of a channel, for --verify; may be given again, and then replaces the defaults.
    #[arg(
        long,
        value_name = "CHANNEL=TOPIC",
        value_parser = pair,
        default_values = ["WEB=aicc.downlink.web", "WHATSAPP=aicc.downlink.whatsapp"]
    )]
    topic: Vec<(String, String)>,
    /// The topic of every other channel.
    #[arg(long, value_name = "TOPIC", default_value = "aicc.downlink.other")]
    default_topic: String,
    /// The topic of invalid messages.
    #[arg(long, value_name = "TOPIC", default_value = "aicc.downlink.dead-letter")]
    dead_letter_topic: String,

    /// Print the summary as JSON.
    #[arg(long)]
    pub json: bool,
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
        let kafka = || Kafka {
            bootstrap_servers: self.bootstrap_servers.clone(),
            properties: self.kafka_property.clone(),
        };
        let topics = || Topics {
            channels: self.topic.clone(),
            default: self.default_topic.clone(),
            dead_letter: self.dead_letter_topic.clone(),
        };
        Ok(Options {
            load: Load {
                target: self.url.clone(),
                credentials: Credentials { access_key: self.access_key.clone(), secret: self.secret()? },
                connections: self.connections.into(),
                rate: self.rate,
                duration: self.duration,
                timeout: self.timeout,
            },
            messages: self.messages.map(NonZeroU64::get).or(default_messages),
            batch: self.batch,
            users: self.users,
            channels: self.channels.clone(),
            seed: self.seed.unwrap_or_else(rand::random),
            verify: self.verify.then(|| (kafka(), topics())),
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

fn pair(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("not NAME=VALUE"),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn values_that_cannot_be_meant_are_refused() {
        for wrong in [
            "--messages=0",
            "--connections=0",
            "--rate=0",
            "--rate=-1",
            "--rate=inf",
            "--batch=0",
            "--duration=soon",
            "--users=0",
            "--channels=WEB",
            "--topic=WEB",
            "--kafka-property==x",
            "--url=relay:8080",
            "--secret=abc",
        ] {
            let parsed = Cli::try_parse_from(["aicc-simulator", "push", "--access-key=k", wrong]);
            assert!(parsed.is_err(), "{wrong}");
        }
    }
}
