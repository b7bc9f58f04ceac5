//! `aicc-simulator`: see [`aicc_simulator`] and `aicc-simulator --help`.

use std::process::ExitCode;

use aicc_simulator::cli::Cli;
use aicc_simulator::command;
use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    command::run(Cli::parse().command).await
}
