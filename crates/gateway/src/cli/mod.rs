//! The commands of `aicc-gateway`.

mod dev;
mod keygen;
mod serve;
mod sign;

use anyhow::bail;
use clap::{Parser, Subcommand};

/// Receives AICC's signed message pushes and publishes them durably to Kafka.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Examples:
  aicc-gateway dev                                  try it: Kafka in the process, a key, a curl to paste
  aicc-gateway keygen                               an access key and its secret
  aicc-gateway serve --config /etc/aicc/config.toml the service"
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Dev(dev::Dev),
    Keygen(keygen::Keygen),
    Sign(sign::Sign),
    /// Commands of the interface that this version does not have.
    #[command(name = "check", aliases = ["topics", "verify", "tail", "redrive", "healthcheck", "openapi"], hide = true,
        disable_help_flag = true)]
    NotYetSupported {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        _arguments: Vec<String>,
    },
}

impl Cli {
    /// Runs the command that was given.
    pub fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(command) => command.run(),
            Command::Dev(command) => command.run(),
            Command::Keygen(command) => command.run(),
            Command::Sign(command) => command.run(),
            Command::NotYetSupported { .. } => bail!("this command is not yet supported by this version"),
        }
    }
}

/// One thread for what is neither HTTP nor Kafka, which have threads of their own.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
