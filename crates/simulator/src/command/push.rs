//! `aicc-simulator push` from its arguments to its exit code.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write as _};

use super::report::Report;
use crate::cli::{EXIT_NOT_ACKNOWLEDGED, EXIT_OK, EXIT_VIOLATIONS, PushArgs};
use crate::push::{self, Run};
use crate::sender::Stop;

/// What a process is ended with that was interrupted twice.
const EXIT_INTERRUPTED: i32 = 130;

pub(super) async fn run(args: &PushArgs) -> Result<u8, Box<dyn Error>> {
    let options = args.options()?;
    // Before the run, which may be long: a file that cannot be written is no news for its end.
    let journal_file = args.journal.as_ref().map(File::create).transpose()?;
    // At once, and not only in the summary: a run that is killed can be made again too.
    writeln!(std::io::stderr(), "seed {}", options.seed)?;
    let stop = Stop::default();
    tokio::spawn(interrupt(stop.clone()));
    let Run { summary, journal, verification } = push::run(options, &stop).await?;

    if let (Some(file), Some(journal)) = (journal_file, journal) {
        journal.write(BufWriter::new(file))?;
    }
    // The figures are worth printing even if the topics cannot be read.
    let (verification, unread) = match verification {
        Some(Ok(verification)) => (Some(verification), None),
        Some(Err(error)) => (None, Some(error)),
        None => (None, None),
    };
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &Report::new(&summary, verification.as_ref()))?;
        writeln!(out)?;
    } else {
        writeln!(out, "{summary}")?;
        if let Some(verification) = &verification {
            writeln!(out, "{verification}")?;
        }
    }
    if let Some(error) = unread {
        return Err(error.into());
    }
    match verification {
        Some(verification) if !verification.violations.is_empty() => Ok(EXIT_VIOLATIONS),
        _ if !summary.all_acknowledged() => Ok(EXIT_NOT_ACKNOWLEDGED),
        _ => Ok(EXIT_OK),
    }
}

/// The first Ctrl-C ends the run in order, the second at once.
async fn interrupt(stop: Stop) {
    if tokio::signal::ctrl_c().await.is_ok() {
        stop.stop();
        let _ = writeln!(std::io::stderr(), "\nstopping; Ctrl-C again to give up");
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(EXIT_INTERRUPTED);
        }
    }
}
