//! What was sent and how each attempt was answered: what the proof is made against.
//!
//! Sixteen bytes a message, about a hundred a push and no bodies, so that runs of millions of messages can be verified.
//! A journal can be [written](Journal::write) to a file and judged later.

mod file;
mod recovery;
mod run_id;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub use self::file::{FORMAT, JournalError};
pub use self::recovery::Recovery;
pub use self::run_id::RunId;
use crate::batch::Push;
use crate::conversation::{User, Users};
use crate::outcome::Outcome;

/// An offset of each partition, by topic and partition.
pub type Offsets = BTreeMap<(String, i32), i64>;

/// What an answer, or its absence, says about the messages of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Answered `0`: every message is durable.
    Acknowledged,
    /// The answer says that this attempt published nothing, or nothing was ever sent.
    NothingPublished,
    /// Any part may have been published: unknown outcomes, and answers that did not come.
    Unknown,
}

/// One request of a push. Its instants are counted from the start of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// Before the first byte was written.
    pub sent: Duration,
    /// After the answer was read, or when none was waited for any more.
    pub answered: Duration,
    /// How it ended.
    pub outcome: Outcome,
}

impl Attempt {
    /// What is known of the messages after it.
    pub fn verdict(&self) -> Verdict {
        self.outcome.verdict()
    }
}

/// Where a push's messages and attempts stand in their lists.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PushEntry {
    pub(crate) sequence: u32,
    /// Index of its first message in [`Journal::messages`].
    pub(crate) first: usize,
    pub(crate) count: usize,
    /// Index of its first attempt in [`Journal::attempts`].
    pub(crate) first_attempt: usize,
    pub(crate) attempts: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MessageEntry {
    pub(crate) value: u64,
    pub(crate) user: u32,
}

/// The pushes of a run, in the order of their sequence numbers once it is [sorted](Journal::sort).
#[derive(Debug, Clone, PartialEq)]
pub struct Journal {
    pub(crate) run: RunId,
    pub(crate) users: Arc<Users>,
    pub(crate) pushes: Vec<PushEntry>,
    pub(crate) messages: Vec<MessageEntry>,
    pub(crate) attempts: Vec<Attempt>,
    started: SystemTime,
    starts: Offsets,
}

/// A push of a journal.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    journal: &'a Journal,
    push: &'a PushEntry,
}

impl<'a> Entry<'a> {
    /// Number of the push in the run, from 0.
    pub fn sequence(&self) -> u32 {
        self.push.sequence
    }

    /// Its attempts, one after the other; at least one.
    pub fn attempts(&self) -> &'a [Attempt] {
        self.journal.attempts_of(self.push)
    }

    /// The user of each message, and the user's channel.
    pub fn users(&self) -> impl Iterator<Item = (&'a User, &'a str)> + use<'a> {
        let Journal { messages, users, .. } = self.journal;
        let messages = &messages[self.push.first..][..self.push.count];
        messages.iter().map(|message| (users.user(message.user), users.channel_of(message.user as usize)))
    }
}

impl Journal {
    /// A journal without a push, of a run that starts now. `starts` says where the topics end before it, as far as
    /// that is known.
    pub fn new(run: RunId, users: Arc<Users>, starts: Offsets) -> Self {
        let (pushes, messages, attempts) = (Vec::new(), Vec::new(), Vec::new());
        Self { run, users, pushes, messages, attempts, started: SystemTime::now(), starts }
    }

    /// Notes a push that has ended; `attempts` are all of its attempts, one after the other.
    pub fn record(&mut self, push: &Push, attempts: &[Attempt]) {
        let user = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let messages = push.messages.iter().map(|placed| MessageEntry {
            value: value_hash(&push.body[placed.bytes.clone()]),
            user: user(placed.user),
        });
        self.add(push.sequence, messages, attempts.iter().copied());
    }

    fn add(
        &mut self,
        sequence: u32,
        messages: impl Iterator<Item = MessageEntry>,
        attempts: impl Iterator<Item = Attempt>,
    ) {
        let (first, first_attempt) = (self.messages.len(), self.attempts.len());
        self.messages.extend(messages);
        self.attempts.extend(attempts);
        let (count, attempts) = (self.messages.len() - first, self.attempts.len() - first_attempt);
        self.pushes.push(PushEntry { sequence, first, count, first_attempt, attempts });
    }

    /// Puts the pushes in order, so that they can be found by their number.
    pub fn sort(&mut self) {
        self.pushes.sort_unstable_by_key(|push| push.sequence);
    }

    /// Names the run.
    pub fn run(&self) -> RunId {
        self.run
    }

    /// When the run started, by the system's clock.
    pub fn started(&self) -> SystemTime {
        self.started
    }

    /// A moment of the system's clock, counted from the start of the run; zero, if it is before.
    pub fn since_start(&self, moment: SystemTime) -> Duration {
        moment.duration_since(self.started).unwrap_or_default()
    }

    /// Where the topics ended before the first push, as far as that is known.
    pub fn starts(&self) -> &Offsets {
        &self.starts
    }

    /// The pushes.
    pub fn pushes(&self) -> impl Iterator<Item = Entry<'_>> {
        self.pushes.iter().map(|push| Entry { journal: self, push })
    }

    /// Messages of acknowledged pushes.
    pub fn acknowledged(&self) -> u64 {
        let acknowledged = self.pushes.iter().filter(|push| self.acknowledged_by(push).is_some());
        acknowledged.map(|push| push.count as u64).sum()
    }

    /// Number of the attempt that was answered `0`.
    pub(crate) fn acknowledged_by(&self, push: &PushEntry) -> Option<usize> {
        self.attempts_of(push).iter().position(|attempt| attempt.verdict() == Verdict::Acknowledged)
    }

    pub(crate) fn attempts_of(&self, push: &PushEntry) -> &[Attempt] {
        &self.attempts[push.first_attempt..][..push.attempts]
    }

    /// Index of the push, and number of its attempt, that a request id names.
    pub(crate) fn find(&self, request_id: &str) -> Option<(usize, usize)> {
        let (sequence, attempt) = self.run.attempt_of(request_id)?;
        let push = self.pushes.binary_search_by_key(&sequence, |push| push.sequence).ok()?;
        let attempt = usize::try_from(attempt).ok()?;
        (attempt < self.pushes[push].attempts).then_some((push, attempt))
    }
}

/// Stands for a message's value: two values of a run are equal if their hashes are, but for one chance in 10^19.
pub(crate) fn value_hash(value: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(value);
    hasher.finish()
}
