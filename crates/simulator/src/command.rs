//! `aicc-simulator push` from its arguments to its exit code.

use std::io::Write as _;
use std::process::ExitCode;

use serde::Serialize;

use crate::cli::{EXIT_ERROR, EXIT_NOT_ACKNOWLEDGED, EXIT_OK, EXIT_VIOLATIONS, PushArgs};
use crate::push::{self, Run};
use crate::sender::Stop;
use crate::summary::Summary;
use crate::verify::Verification;

/// What a process is ended with that was interrupted twice.
const EXIT_INTERRUPTED: i32 = 130;

/// Runs, prints the summary on standard output and errors on standard error.
pub async fn push(args: &PushArgs) -> ExitCode {
    match try_push(args).await {
        Ok(code) => code.into(),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "aicc-simulator: {error}");
            EXIT_ERROR.into()
        }
    }
}

async fn try_push(args: &PushArgs) -> Result<u8, Box<dyn std::error::Error>> {
    let options = args.options()?;
    // At once, and not only in the summary: a run that is killed can be made again too.
    writeln!(std::io::stderr(), "seed {}", options.seed)?;
    let stop = Stop::default();
    tokio::spawn(interrupt(stop.clone()));
    let Run { summary, verification, .. } = push::run(options, &stop).await?;

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

/// The JSON form of a run.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    summary: &'a Summary,
    verification: Option<VerificationReport<'a>>,
}

#[derive(Serialize)]
struct VerificationReport<'a> {
    acknowledged_messages: u64,
    records: u64,
    violations: &'a std::collections::BTreeMap<&'static str, u64>,
    samples: Vec<String>,
}

impl<'a> Report<'a> {
    fn new(summary: &'a Summary, verification: Option<&'a Verification>) -> Self {
        let verification = verification.map(|verification| VerificationReport {
            acknowledged_messages: verification.acknowledged,
            records: verification.records,
            violations: &verification.violations.counts,
            samples: verification.violations.samples.iter().map(ToString::to_string).collect(),
        });
        Self { summary, verification }
    }
}
