//! What can be wrong with what lies in the topics, each with where it was seen.

use std::collections::BTreeMap;
use std::fmt;

/// Where a record lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The topic.
    pub topic: String,
    /// The partition.
    pub partition: i32,
    /// The offset.
    pub offset: i64,
}

/// Which message of which attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRef {
    /// The attempt's `X-Request-Id`.
    pub request_id: String,
    /// The message's index in its push, from 0.
    pub index: usize,
}

/// Something that the relay must not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// A message of an acknowledged push is in no topic.
    Lost(MessageRef),
    /// The push was acknowledged and each of its messages lies somewhere, but the records are not those of one attempt:
    /// the first message that the attempt lacks.
    Torn(MessageRef),
    /// A message lies in the topics once more than it may.
    Duplicated {
        /// The message.
        message: MessageRef,
        /// The further record.
        place: Place,
    },
    /// A record's value is not what was sent, byte for byte.
    Altered {
        /// The message.
        message: MessageRef,
        /// Its record.
        place: Place,
    },
    /// A record's `ce_id` is neither the `messageCode` nor, without one, the hash of the value.
    WrongId {
        /// The message.
        message: MessageRef,
        /// Its record.
        place: Place,
    },
    /// A record's key is not the message's `to`.
    WrongKey {
        /// The message.
        message: MessageRef,
        /// Its record.
        place: Place,
    },
    /// A record is not in its channel's topic.
    WrongTopic {
        /// The message.
        message: MessageRef,
        /// Its record.
        place: Place,
        /// The topic where it belongs.
        expected: String,
    },
    /// A record is not in the partition where a Java client's default partitioner puts its key.
    WrongPartition {
        /// The message.
        message: MessageRef,
        /// Its record.
        place: Place,
        /// The partition where it belongs.
        expected: u32,
    },
    /// A record lies before one that it has to follow.
    OutOfOrder {
        /// Which order is broken.
        order: Order,
        /// The message that lies too late.
        message: MessageRef,
        /// Its record.
        place: Place,
        /// The message that lies before it and must not.
        before: MessageRef,
    },
    /// The answer said that nothing was published, yet a record of that attempt lies there.
    PublishedThoughRefused {
        /// The message.
        message: MessageRef,
        /// Its record.
        place: Place,
    },
    /// A record that no attempt of the runs accounts for.
    Unknown {
        /// The record.
        place: Place,
        /// The start of its `aicc-push` header, if it has one.
        push: Option<String>,
    },
}

/// The two orders that are promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The records that an acknowledged push is known by lie in batch order, in each partition.
    WithinPush,
    /// A push that was sent after another's `0` lies after it, per user.
    AcrossPushes,
}

impl Violation {
    /// The name that the violation is counted under.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Lost(_) => "lost",
            Self::Torn(_) => "torn",
            Self::Duplicated { .. } => "duplicated",
            Self::Altered { .. } => "altered",
            Self::WrongId { .. } => "wrong id",
            Self::WrongKey { .. } => "wrong key",
            Self::WrongTopic { .. } => "wrong topic",
            Self::WrongPartition { .. } => "wrong partition",
            Self::OutOfOrder { order: Order::WithinPush, .. } => "out of order within a push",
            Self::OutOfOrder { order: Order::AcrossPushes, .. } => "out of order across pushes",
            Self::PublishedThoughRefused { .. } => "published though refused",
            Self::Unknown { .. } => "not from this run",
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.kind())?;
        match self {
            Self::Lost(message) | Self::Torn(message) => write!(f, "{message}"),
            Self::Duplicated { message, place }
            | Self::Altered { message, place }
            | Self::WrongId { message, place }
            | Self::WrongKey { message, place }
            | Self::PublishedThoughRefused { message, place } => write!(f, "{message} at {place}"),
            Self::WrongTopic { message, place, expected } => {
                write!(f, "{message} at {place}, belongs in {expected}")
            }
            Self::WrongPartition { message, place, expected } => {
                write!(f, "{message} at {place}, belongs in partition {expected}")
            }
            Self::OutOfOrder { message, place, before, .. } => {
                write!(f, "{message} at {place} lies after {before}")
            }
            Self::Unknown { place, push: None } => write!(f, "{place} has no push"),
            Self::Unknown { place, push: Some(push) } => write!(f, "{place} is of push {push:?}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]@{}", self.topic, self.partition, self.offset)
    }
}

impl fmt::Display for MessageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "push {} message {}", self.request_id, self.index)
    }
}

/// How many violations are kept whole; all are counted.
const KEPT: usize = 20;

/// The violations that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations {
    /// How many of each [kind](Violation::kind).
    pub counts: BTreeMap<&'static str, u64>,
    /// The first 20 of each kind.
    pub samples: Vec<Violation>,
}

impl Violations {
    pub(crate) fn add(&mut self, violation: Violation) {
        let count = self.counts.entry(violation.kind()).or_default();
        *count += 1;
        if *count <= KEPT as u64 {
            self.samples.push(violation);
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}
