//! The proof itself: the journal of a run against the records that were read. It does no I/O.
//!
//! A record is matched to its message by its `aicc-push` header first and compared then, so that an altered record is
//! told from one that is lost and one that is foreign. At most one thing is said about each record.

use std::collections::HashMap;

use aicc_schema::cloudevents;
use serde::Deserialize;

use super::murmur2;
use super::topics::Topics;
use super::violation::{MessageRef, Order, Place, Violation, Violations};
use crate::journal::{Journal, PushEntry, Verdict, value_hash};

/// Characters of a foreign record's `aicc-push` header that a violation shows.
const LONGEST_HEADER: usize = 100;

/// A record as it was read.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The topic.
    pub topic: &'a str,
    /// The partition.
    pub partition: i32,
    /// The offset.
    pub offset: i64,
    /// The key.
    pub key: Option<&'a [u8]>,
    /// The value.
    pub value: Option<&'a [u8]>,
    /// The `aicc-push` header: `{request id};{index}/{number of messages};{timestamp};{access key}`.
    pub push: Option<&'a [u8]>,
    /// The `ce_id` header.
    pub id: Option<&'a [u8]>,
}

/// Compares records with a journal. Records of one partition come in offset order, partitions in any.
#[derive(Debug)]
pub struct Checker<'a> {
    journal: &'a Journal,
    topics: &'a Topics,
    /// Number of partitions by topic.
    partitions: &'a HashMap<String, u32>,
    /// Every partition that a record was in.
    slots: Vec<(String, i32)>,
    /// Where the first record of each message lies.
    seen: Vec<Option<Seen>>,
    violations: Violations,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    slot: u32,
    offset: i64,
}

impl<'a> Checker<'a> {
    /// `journal` is [sorted](Journal::sort); `partitions` has the number of partitions of every topic.
    pub fn new(journal: &'a Journal, topics: &'a Topics, partitions: &'a HashMap<String, u32>) -> Self {
        let seen = vec![None; journal.messages.len()];
        Self { journal, topics, partitions, slots: Vec::new(), seen, violations: Violations::default() }
    }

    /// Takes the next record.
    pub fn record(&mut self, record: &Record<'_>) {
        if let Some(violation) = self.judge(record) {
            self.violations.add(violation);
        }
    }

    fn judge(&mut self, record: &Record<'_>) -> Option<Violation> {
        let place =
            || Place { topic: record.topic.to_owned(), partition: record.partition, offset: record.offset };
        let Some((push, index)) = self.find(record.push) else {
            let push =
                record.push.map(|push| String::from_utf8_lossy(push).chars().take(LONGEST_HEADER).collect());
            return Some(Violation::Unknown { place: place(), push });
        };
        let message = || self.name(push, index);
        if push.verdict == Verdict::NothingPublished {
            return Some(Violation::PublishedThoughRefused { message: message(), place: place() });
        }
        if self.seen[push.first + index].is_some() {
            return Some(Violation::Duplicated { message: message(), place: place() });
        }
        let seen = Seen { slot: self.slot(record), offset: record.offset };
        self.seen[push.first + index] = Some(seen);

        let entry = &self.journal.messages[push.first + index];
        let expected = self.topics.of_channel(self.journal.users.channel_of(entry.user));
        let key = self.journal.users.all()[entry.user].id.as_bytes();
        let partition =
            murmur2::partition(key, self.partitions.get(record.topic).copied().unwrap_or_default());
        let message = || self.name(push, index);
        if record.topic != expected {
            Some(Violation::WrongTopic { message: message(), place: place(), expected: expected.to_owned() })
        } else if record.key != Some(key) {
            Some(Violation::WrongKey { message: message(), place: place() })
        } else if u32::try_from(record.partition) != Ok(partition) {
            Some(Violation::WrongPartition { message: message(), place: place(), expected: partition })
        } else if record.value.map(value_hash) != Some(entry.value) {
            Some(Violation::Altered { message: message(), place: place() })
        } else if record.value.and_then(expected_id).as_deref()
            != record.id.and_then(|id| str::from_utf8(id).ok())
        {
            Some(Violation::WrongId { message: message(), place: place() })
        } else {
            None
        }
    }

    /// The push and the index that an `aicc-push` header names.
    fn find(&self, header: Option<&[u8]>) -> Option<(&'a PushEntry, usize)> {
        let mut parts = str::from_utf8(header?).ok()?.split(';');
        let push = &self.journal.pushes[self.journal.find(parts.next()?)?];
        let (index, count) = parts.next()?.split_once('/')?;
        let index = index.parse().ok().filter(|index| *index < push.count)?;
        (count.parse() == Ok(push.count)).then_some((push, index))
    }

    fn slot(&mut self, record: &Record<'_>) -> u32 {
        let same = |slot: &(String, i32)| slot.1 == record.partition && slot.0 == record.topic;
        let slot = self.slots.iter().rposition(same).unwrap_or_else(|| {
            self.slots.push((record.topic.to_owned(), record.partition));
            self.slots.len() - 1
        });
        u32::try_from(slot).unwrap_or(u32::MAX)
    }

    /// Looks at what only the whole shows, loss and order, and gives all that was found.
    pub fn finish(mut self) -> Violations {
        self.find_lost();
        self.check_order_within_pushes();
        self.check_order_across_pushes();
        self.violations
    }

    fn find_lost(&mut self) {
        for push in self.journal.pushes.iter().filter(|push| push.verdict == Verdict::Acknowledged) {
            for index in 0..push.count {
                if self.seen[push.first + index].is_none() {
                    self.violations.add(Violation::Lost(self.name(push, index)));
                }
            }
        }
    }

    /// In each partition, the records of one push lie in batch order.
    fn check_order_within_pushes(&mut self) {
        let mut last: HashMap<u32, (i64, usize)> = HashMap::new();
        for push in &self.journal.pushes {
            last.clear();
            for index in 0..push.count {
                let Some(seen) = self.seen[push.first + index] else { continue };
                match last.get(&seen.slot) {
                    Some(&(offset, later)) if offset > seen.offset => {
                        // `later` lies behind this message although it comes before it in the batch.
                        let (message, before) = (self.name(push, later), self.name(push, index));
                        self.out_of_order(Order::WithinPush, message, Seen { offset, ..seen }, before);
                    }
                    _ => {
                        last.insert(seen.slot, (seen.offset, index));
                    }
                }
            }
        }
    }

    /// In each partition, a user's record of a push that was answered `0` lies before those of pushes sent after that.
    fn check_order_across_pushes(&mut self) {
        let Journal { pushes, messages, .. } = self.journal;
        let message = |(push, index): (u32, u32)| pushes[push as usize].first + index as usize;
        let group = |at| (self.seen[message(at)].map(|seen| seen.slot), messages[message(at)].user);
        let mut order: Vec<(u32, u32)> = Vec::with_capacity(messages.len());
        for (push, entry) in (0..).zip(pushes) {
            let there = (0..).zip(&self.seen[entry.first..entry.first + entry.count]);
            order.extend(there.filter(|(_, seen)| seen.is_some()).map(|(index, _)| (push, index)));
        }
        order.sort_unstable_by_key(|&at| (group(at), self.seen[message(at)]));

        let mut wrong = Vec::new();
        for same in order.chunk_by(|&one, &next| group(one) == group(next)) {
            // Of the records so far, the one whose push was sent last.
            let mut latest = same[0];
            for &at in same {
                let (push, newer) = (&pushes[at.0 as usize], &pushes[latest.0 as usize]);
                if push.verdict == Verdict::Acknowledged && push.answered < newer.sent {
                    wrong.push((at, latest));
                }
                if push.sent > newer.sent {
                    latest = at;
                }
            }
        }
        for (at, latest) in wrong {
            let name = |(push, index): (u32, u32)| self.name(&pushes[push as usize], index as usize);
            if let Some(seen) = self.seen[message(at)] {
                self.out_of_order(Order::AcrossPushes, name(at), seen, name(latest));
            }
        }
    }

    fn out_of_order(&mut self, order: Order, message: MessageRef, seen: Seen, before: MessageRef) {
        let (topic, partition) = &self.slots[seen.slot as usize];
        let place = Place { topic: topic.clone(), partition: *partition, offset: seen.offset };
        self.violations.add(Violation::OutOfOrder { order, message, place, before });
    }

    fn name(&self, push: &PushEntry, index: usize) -> MessageRef {
        MessageRef { request_id: self.journal.run.request_id(push.sequence), index }
    }
}

/// The `ce_id` of a value: its `messageCode`, else its hash. Values of a run are unique, so none needs a suffix.
fn expected_id(value: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Message {
        #[serde(rename = "messageCode")]
        message_code: Option<String>,
    }
    let code = serde_json::from_slice::<Message>(value).ok()?.message_code;
    Some(code.filter(|code| !code.is_empty()).unwrap_or_else(|| cloudevents::value_id(value)))
}

#[cfg(test)]
mod tests;
