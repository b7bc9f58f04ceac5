//! The proof: reads the topics back and compares every record with what was sent and how it was answered.
//!
//! - Every message of an acknowledged push is there once, byte for byte, under its key and id, in its channel's
//!   topic, in the partition where a Java client's default partitioner puts the key.
//! - Within a push, the records of a partition lie in batch order; a push that was sent after another's `0` lies
//!   after it, per user.
//! - A push that was answered with "nothing was published" left nothing; any other left each message at most once.
//! - There is no record that no message of the run accounts for.

mod checker;
mod murmur2;
mod reader;
mod topics;
mod violation;

pub use self::checker::{Checker, Record};
pub use self::murmur2::partition;
pub use self::reader::{Kafka, Mark, ReadError};
pub use self::topics::Topics;
pub use self::violation::{MessageRef, Order, Place, Violation, Violations};
use crate::journal::Journal;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// Messages that had to be there.
    pub acknowledged: u64,
    /// Records that were read.
    pub records: u64,
    /// What is wrong; nothing, if all is well.
    pub violations: Violations,
}

/// Reads everything behind `mark` and checks it against a [sorted](Journal::sort) journal. Blocks.
pub fn verify(journal: &Journal, topics: &Topics, mark: &Mark) -> Result<Verification, ReadError> {
    let partitions = mark.partitions();
    let mut checker = Checker::new(journal, topics, &partitions);
    let records = mark.read_since(|record| checker.record(record))?;
    Ok(Verification { acknowledged: journal.acknowledged(), records, violations: checker.finish() })
}
