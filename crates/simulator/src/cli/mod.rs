//! The command line of `aicc-simulator`: its commands and exit codes.

mod kafka;
mod push;
mod verify;

use clap::{Parser, Subcommand};

pub use self::kafka::KafkaArgs;
pub use self::push::{PushArgs, SecretError};
pub use self::verify::VerifyArgs;

/// Everything is acknowledged and, if asked for, verified.
pub const EXIT_OK: u8 = 0;
/// There was no run, or the topics could not be read after it.
pub const EXIT_ERROR: u8 = 1;
/// Some push was not acknowledged.
pub const EXIT_NOT_ACKNOWLEDGED: u8 = 3;
/// The topics do not hold what was promised.
pub const EXIT_VIOLATIONS: u8 = 4;

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
    /// Read the topics back once more and compare them with the journals of earlier runs.
    Verify(Box<VerifyArgs>),
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
            "--retries=-1",
            "--retry-delay=200",
            "--disconnect-share=1.5",
            "--disconnect-share=NaN",
        ] {
            let parsed = Cli::try_parse_from(["aicc-simulator", "push", "--access-key=k", wrong]);
            assert!(parsed.is_err(), "{wrong}");
        }
    }
}
