//! The `aicc-gateway` binary: dispatches to its commands.

use std::process::ExitCode;

use aicc_gateway::cli::Cli;
use clap::Parser;

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("aicc-gateway: {error:#}");
            ExitCode::FAILURE
        }
    }
}
