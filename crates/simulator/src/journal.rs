//! What was sent and how each push was answered: what the proof is made against.
//!
//! Sixteen bytes a message and no bodies, so that runs of millions of messages can be verified.

use std::hash::{DefaultHasher, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

use crate::batch::Push;
use crate::conversation::Users;

/// Names a run; every push's request id is made from it, so that a record's `aicc-push` header leads back to its push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunId(u64);

impl RunId {
    /// Makes a run id from a number that no other run should have.
    pub fn new(number: u64) -> Self {
        Self(number)
    }

    /// The `X-Request-Id` of a push of this run.
    pub fn request_id(self, sequence: u32) -> String {
        format!("sim-{:016x}-{sequence}", self.0)
    }

    /// The push that a request id names, if it is one of this run.
    pub fn sequence_of(self, request_id: &str) -> Option<u32> {
        let (run, sequence) = request_id.strip_prefix("sim-")?.split_once('-')?;
        (run.len() == 16 && u64::from_str_radix(run, 16) == Ok(self.0)).then(|| sequence.parse().ok())?
    }
}

/// What an answer, or its absence, says about the messages of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Answered `0`: every message is durable.
    Acknowledged,
    /// The answer says that nothing was published, or nothing was ever sent.
    NothingPublished,
    /// Any part may have been published, once: unknown outcomes, and answers that did not come.
    Unknown,
}

/// One push that was sent. Its instants are counted from the start of the run.
#[derive(Debug, Clone)]
pub(crate) struct PushEntry {
    pub(crate) sequence: u32,
    pub(crate) verdict: Verdict,
    /// Before the first byte was written.
    pub(crate) sent: Duration,
    /// After the answer was read.
    pub(crate) answered: Duration,
    /// Index of its first message in [`Journal::messages`].
    pub(crate) first: usize,
    pub(crate) count: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct MessageEntry {
    pub(crate) value: u64,
    pub(crate) user: usize,
}

/// The pushes of a run, in the order of their sequence numbers once it is [sorted](Journal::sort).
#[derive(Debug, Clone)]
pub struct Journal {
    pub(crate) run: RunId,
    pub(crate) users: Arc<Users>,
    pub(crate) pushes: Vec<PushEntry>,
    pub(crate) messages: Vec<MessageEntry>,
}

impl Journal {
    /// A journal without a push.
    pub fn new(run: RunId, users: Arc<Users>) -> Self {
        Self { run, users, pushes: Vec::new(), messages: Vec::new() }
    }

    /// Notes a push; `sent` and `answered` are counted from the start of the run.
    pub fn record(&mut self, push: &Push, verdict: Verdict, sent: Duration, answered: Duration) {
        let (first, count) = (self.messages.len(), push.messages.len());
        self.messages.extend(push.messages.iter().map(|placed| MessageEntry {
            value: value_hash(&push.body[placed.bytes.clone()]),
            user: placed.user,
        }));
        self.pushes.push(PushEntry { sequence: push.sequence, verdict, sent, answered, first, count });
    }

    /// Puts the pushes in order, so that they can be found by their number.
    pub fn sort(&mut self) {
        self.pushes.sort_unstable_by_key(|push| push.sequence);
    }

    /// Messages of acknowledged pushes.
    pub fn acknowledged(&self) -> u64 {
        let acknowledged = self.pushes.iter().filter(|push| push.verdict == Verdict::Acknowledged);
        acknowledged.map(|push| push.count as u64).sum()
    }

    /// Index of the push that a request id names.
    pub(crate) fn find(&self, request_id: &str) -> Option<usize> {
        let sequence = self.run.sequence_of(request_id)?;
        self.pushes.binary_search_by_key(&sequence, |push| push.sequence).ok()
    }
}

/// Stands for a message's value: two values of a run are equal if their hashes are, but for one chance in 10^19.
pub(crate) fn value_hash(value: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(value);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_leads_back_to_its_push_and_only_in_its_own_run() {
        let run = RunId::new(0xfeed);
        assert_eq!(run.request_id(42), "sim-000000000000feed-42");
        assert_eq!(run.sequence_of("sim-000000000000feed-42"), Some(42));
        for foreign in
            ["sim-000000000000beef-42", "sim-feed-42", "sim-000000000000feed", "x", "sim-000000000000feed-x"]
        {
            assert_eq!(run.sequence_of(foreign), None, "{foreign}");
        }
    }
}
