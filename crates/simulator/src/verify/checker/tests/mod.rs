//! Logs as a correct relay leaves them pass; each single fault in one is named, and nothing else.

mod faults;
mod history;
mod relay;
mod rules;
mod scene;

use std::collections::HashMap;
use std::slice;
use std::sync::Arc;
use std::time::Duration;

use aicc_schema::{Message, ResultCode, cloudevents, parse};
use rand::{SeedableRng, rngs::StdRng};

use super::*;
use crate::batch::{Batches, Push, Traffic};
use crate::conversation::Users;
use crate::journal::{Attempt, Journal, Offsets, RunId};
use crate::outcome::Outcome;
use crate::verify::murmur2;

const RUN: RunId = RunId::new(0xfeed);
const PARTITIONS: u32 = 4;

const OK: Outcome = answered(200, ResultCode::Success);
const UNKNOWN: Outcome = answered(504, ResultCode::OutcomeUnknown);
const REFUSED: Outcome = answered(503, ResultCode::KafkaUnavailable);

const fn answered(status: u16, code: ResultCode) -> Outcome {
    Outcome::Answered(status, Some(code))
}

/// A record in a log; its offset is its place among those of its partition.
#[derive(Debug, Clone, PartialEq)]
struct Stored {
    topic: String,
    partition: i32,
    key: Vec<u8>,
    value: Vec<u8>,
    push: Option<String>,
    id: String,
}

impl Stored {
    /// Whether the record is of this attempt.
    fn is_of(&self, sequence: u32, attempt: u32) -> bool {
        self.request_id() == Some(&RUN.request_id(sequence, attempt))
    }

    fn request_id(&self) -> Option<&str> {
        self.push.as_deref().and_then(|push| push.split(';').next())
    }
}

fn topics() -> Topics {
    Topics {
        channels: vec![("WEB".to_owned(), "web".to_owned())],
        default: "other".to_owned(),
        dead_letter: "dead-letter".to_owned(),
    }
}

fn pushes(users: u32, channels: &str, sizes: &str, messages: u64, seed: u64) -> (Arc<Users>, Vec<Push>) {
    let users = Users::new(users, &channels.parse().unwrap(), &mut StdRng::seed_from_u64(seed));
    let users = Arc::new(users);
    let sizes = sizes.parse().unwrap();
    let traffic = Traffic { users: Arc::clone(&users), sizes, messages: Some(messages), seed, start_ms: 0 };
    (users, Batches::new(traffic).collect())
}

/// The records of an attempt, as the relay's documentation has them.
fn records(users: &Users, push: &Push, attempt: u32) -> Vec<Stored> {
    let request_id = RUN.request_id(push.sequence, attempt);
    let parsed = parse(&push.body, 1_000).unwrap();
    let record = |(index, message): (usize, &Message<'_>)| {
        let Message::Valid(message) = message else { panic!("{request_id} message {index} is invalid") };
        let user = &users.all()[push.messages[index].user];
        assert_eq!(message.to, user.id);
        let value = message.raw.as_bytes().to_vec();
        Stored {
            topic: topics().of_channel(&message.channel).to_owned(),
            partition: murmur2::partition(user.id.as_bytes(), PARTITIONS).cast_signed(),
            key: user.id.clone().into_bytes(),
            push: Some(format!("{request_id};{index}/{};{};key", push.messages.len(), push.messages_before)),
            id: message
                .message_code
                .as_ref()
                .map_or_else(|| cloudevents::value_id(&value), ToString::to_string),
            value,
        }
    };
    parsed.messages.iter().enumerate().map(record).collect()
}

fn journal(users: &Arc<Users>) -> Journal {
    Journal::new(RUN, Arc::clone(users), Offsets::new())
}

/// From and to in milliseconds.
fn attempt(sent: u64, answered: u64, outcome: Outcome) -> Attempt {
    Attempt { sent: Duration::from_millis(sent), answered: Duration::from_millis(answered), outcome }
}

/// Checks a log; offsets are the places in their partitions.
fn check(journals: &[Journal], log: &[Stored], allowed: Duplicates) -> Verification {
    let topics = topics();
    let partitions = topics.names().into_iter().map(|topic| (topic.to_owned(), PARTITIONS)).collect();
    let mut checker = Checker::new(journals, &topics, &partitions, allowed);
    let mut ends: HashMap<(&str, i32), i64> = HashMap::new();
    for stored in log {
        let end = ends.entry((&stored.topic, stored.partition)).or_default();
        checker.record(&Record {
            topic: &stored.topic,
            partition: stored.partition,
            offset: *end,
            key: Some(&stored.key),
            value: Some(&stored.value),
            push: stored.push.as_deref().map(str::as_bytes),
            id: Some(stored.id.as_bytes()),
        });
        *end += 1;
    }
    checker.finish()
}

/// The kinds of the violations that are promised not to be.
fn kinds(journal: &Journal, log: &[Stored]) -> Vec<&'static str> {
    let found = check(slice::from_ref(journal), log, Duplicates::AS_PROMISED);
    found.violations.samples.iter().map(Violation::kind).collect()
}
