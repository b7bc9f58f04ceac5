//! `aicc-simulator verify`: runs judged again, by their journals.

use std::path::PathBuf;

use clap::Args;

use super::kafka::KafkaArgs;

const EXAMPLES: &str = "\
Example:
  Two runs that wrote to the same topics, one after the other or at the same time:
    aicc-simulator push --access-key demo --secret-file secret --verify --journal one.journal
    aicc-simulator push --access-key demo --secret-file secret --journal two.journal
    aicc-simulator verify --journal one.journal --journal two.journal

Exit code:
  0  the topics hold what they should
  1  a journal or the topics could not be read
  2  the command line is wrong
  4  there is a violation";

/// `aicc-simulator verify`.
#[derive(Args)]
#[command(after_long_help = EXAMPLES, after_help = "With --help: an example and exit codes.")]
pub struct VerifyArgs {
    /// A file that `push --journal` wrote; may be given again. Every run must be given that wrote to the topics since
    /// the first of them (a run without --verify does not know where it began: then, since the topics exist).
    #[arg(long, value_name = "FILE", required = true)]
    pub journal: Vec<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    pub json: bool,
    /// Where and what to read.
    #[command(flatten)]
    pub kafka: KafkaArgs,
}
