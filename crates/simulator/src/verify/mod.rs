//! The proof: reads the topics back and compares every record with what was sent and how it was answered.
//!
//! # The model
//!
//! A push is sent by one or more attempts, one after the other, each under a request id of its own; a record's
//! `aicc-push` header says whose it is. An attempt ended *acknowledged* (status 200, code 0), with *nothing published*
//! (any other code but 5000 and 5040, or no connection), or *unknown* (all else). A push whose attempt was
//! acknowledged is *vouched for* by the records of that attempt, or, if it left none, because the relay knew the batch
//! already, by those of an earlier attempt.
//!
//! - **Nothing lost.** The attempt that vouches for a push left a record of each message (else: lost, or torn if other
//!   attempts have what is missing).
//! - **Nothing altered.** Every record is the message byte for byte, under its key and `ce_id`, in its channel's topic, in
//!   the partition where a Java client's default partitioner puts the key. So all duplicates share one `ce_id`.
//! - **Nothing made up.** Every record is of an attempt that was sent, signed, in these runs; an attempt that ended with
//!   nothing published left none.
//! - **Order.** In each partition, the records that vouch for a push lie in batch order, and those of an attempt that was
//!   sent after a push's `0` lie behind those that vouch for this push, per user. What is in flight together, from a
//!   push's first attempt to its `0`, has no mutual order, and what an unknown attempt left else may lie anywhere behind
//!   what was acknowledged before it was sent.
//! - **Duplicates.** A message has one record, but one more for each unknown attempt before the last attempt that left
//!   one. Those are counted, and a [limit](Duplicates) can be set to them. A further record by the same attempt is a
//!   violation unless the limit says otherwise; its first one counts for the order.
//!
//! Where several earlier attempts can vouch, one that meets all conditions is enough. Pushes of different runs have no
//! mutual order here: their clocks differ.
//!
//! Read after a fault, Kafka shows acknowledged records only once the new leader's high watermark has passed them: wait
//! until all in-sync replicas are back.

mod checker;
mod duplicates;
mod murmur2;
mod reader;
mod topics;
mod violation;

pub use self::checker::{Checker, Record};
pub use self::duplicates::Duplicates;
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
    /// Duplicates that were allowed; others are violations.
    pub duplicates: Duplicates,
    /// What is wrong; nothing, if all is well.
    pub violations: Violations,
}

/// Reads everything behind `mark` and checks it against the [sorted](Journal::sort) journals of all the runs that wrote
/// there since. Blocks.
pub fn verify(
    journals: &[Journal],
    topics: &Topics,
    mark: &Mark,
    allowed: Duplicates,
) -> Result<Verification, ReadError> {
    let partitions = mark.partitions();
    let mut checker = Checker::new(journals, topics, &partitions, allowed);
    mark.read_since(|record| checker.record(record))?;
    Ok(checker.finish())
}
