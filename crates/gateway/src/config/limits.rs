//! `[limits]` and `[dedup]`: what is refused, what is shed, what is remembered.

use std::time::Duration;

use super::section::Section;

/// `[limits]`: what is refused, and from where on pushes are shed.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a push's body.
    pub body_bytes: usize,
    /// Bytes of a message with its key and headers.
    pub message_bytes: usize,
    /// Messages of a push.
    pub batch_messages: usize,
    /// Messages that may wait for Kafka at the same time.
    pub inflight_messages: usize,
    /// Bytes of bodies that may be held at the same time.
    pub inflight_bytes: usize,
}

/// `[dedup]`: for how long, and for how many pushes, a repetition is noticed.
#[derive(Clone, Copy, Debug)]
pub struct Dedup {
    /// How long a push is remembered; zero: not at all.
    pub window: Duration,
    /// How many pushes are remembered at most.
    pub capacity: usize,
}

/// What of a message that is too long goes to the dead-letter topic, in bytes.
pub(crate) const DEAD_LETTER_VALUE_BYTES: usize = 65_536;

/// librdkafka's upper bound for a record, with some room.
const MAX_MESSAGE_BYTES: usize = 900_000_000;

impl Limits {
    /// The largest record: a message, or a dead letter whose value was cut and whose key is as long.
    pub(crate) fn record_bytes(&self) -> usize {
        self.message_bytes.max(2 * DEAD_LETTER_VALUE_BYTES)
    }

    pub(super) fn read(mut section: Section<'_>) -> Self {
        let limits = Self {
            body_bytes: positive(&mut section, "body_bytes"),
            message_bytes: positive(&mut section, "message_bytes"),
            batch_messages: positive(&mut section, "batch_messages"),
            inflight_messages: positive(&mut section, "inflight_messages"),
            inflight_bytes: positive(&mut section, "inflight_bytes"),
        };
        if section.sound() && limits.message_bytes > MAX_MESSAGE_BYTES {
            section.problem("message_bytes", format!("must be at most {MAX_MESSAGE_BYTES}"));
        }
        // 0 is what this version does: no limit.
        if section.optional::<usize>("messages_per_second").is_some_and(|rate| rate != 0) {
            section.problem(
                "messages_per_second",
                "is not yet supported by this version; remove it or set it to 0",
            );
        }
        section.finish();
        limits
    }
}

impl Dedup {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let dedup = Self { window: section.get("window"), capacity: positive(&mut section, "capacity") };
        section.finish();
        dedup
    }
}

fn positive(section: &mut Section<'_>, key: &'static str) -> usize {
    let value = section.optional(key);
    if value == Some(0) {
        section.problem(key, "must be at least 1");
    }
    value.unwrap_or(usize::MAX)
}
