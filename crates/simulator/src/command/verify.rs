//! `aicc-simulator verify` from its arguments to its exit code. Blocks.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, Write as _};
use std::path::Path;

use super::report::VerificationReport;
use crate::cli::{EXIT_OK, EXIT_VIOLATIONS, VerifyArgs};
use crate::journal::Journal;
use crate::push::Proof;
use crate::verify::{self, Mark};

pub(super) fn run(args: &VerifyArgs) -> Result<u8, Box<dyn Error>> {
    let journals = args.journal.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let Proof { kafka, topics, allowed } = args.kafka.proof();
    let mark = Mark::resume(&kafka, &topics, journals.iter().map(Journal::starts))?;
    let verification = verify::verify(&journals, &topics, &mark, allowed)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &VerificationReport::new(&verification))?;
        writeln!(out)?;
    } else {
        writeln!(out, "{verification}")?;
    }
    Ok(if verification.violations.is_empty() { EXIT_OK } else { EXIT_VIOLATIONS })
}

fn read(path: &Path) -> Result<Journal, String> {
    let named = |error: &dyn Error| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(|error| named(&error))?;
    Journal::read(BufReader::new(file)).map_err(|error| named(&error))
}
