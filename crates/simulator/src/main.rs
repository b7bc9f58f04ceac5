//! `aicc-simulator`: see [`aicc_simulator`] and `aicc-simulator push --help`.

use std::process::ExitCode;

use aicc_simulator::cli::{Cli, Command};
use aicc_simulator::command;
use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Push(args) => command::push(&args).await,
    }
}
