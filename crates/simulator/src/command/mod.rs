//! The commands, from their arguments to their exit codes.

mod push;
mod report;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;

use crate::cli::{Command, EXIT_ERROR};

/// Runs, prints the result on standard output and errors on standard error.
pub async fn run(command: Command) -> ExitCode {
    let result = match command {
        Command::Push(args) => push::run(&args).await,
        Command::Verify(args) => tokio::task::block_in_place(|| verify::run(&args)),
    };
    match result {
        Ok(code) => code.into(),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "aicc-simulator: {error}");
            EXIT_ERROR.into()
        }
    }
}
