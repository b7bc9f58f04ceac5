//! A log as a correct relay leaves it passes; each single fault in it is named, and nothing else.

use std::sync::Arc;
use std::time::Duration;

use aicc_schema::{Message, parse};
use rand::{SeedableRng, rngs::StdRng};

use super::*;
use crate::batch::{Batches, Push, Traffic};
use crate::conversation::Users;
use crate::journal::RunId;

const RUN: u64 = 0xfeed;
const PARTITIONS: u32 = 4;

#[derive(Debug, Clone)]
struct Stored {
    topic: String,
    partition: i32,
    key: Vec<u8>,
    value: Vec<u8>,
    push: Option<String>,
    id: String,
}

fn topics() -> Topics {
    Topics {
        channels: vec![("WEB".to_owned(), "web".to_owned())],
        default: "other".to_owned(),
        dead_letter: "dead-letter".to_owned(),
    }
}

fn pushes(users: u32, channels: &str, sizes: &str, messages: u64) -> (Arc<Users>, Vec<Push>) {
    let users = Users::new(users, &channels.parse().unwrap(), &mut StdRng::seed_from_u64(1));
    let users = Arc::new(users);
    let sizes = sizes.parse().unwrap();
    let traffic =
        Traffic { users: Arc::clone(&users), sizes, messages: Some(messages), seed: 1, start_ms: 0 };
    (users, Batches::new(traffic).collect())
}

/// The records of a push, as the relay's documentation has them.
fn records(users: &Users, push: &Push) -> Vec<Stored> {
    let request_id = RunId::new(RUN).request_id(push.sequence);
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

/// Checks a log; offsets are the places in their partitions.
fn check(journal: &Journal, log: &[Stored]) -> Vec<Violation> {
    let topics = topics();
    let partitions = topics.names().into_iter().map(|topic| (topic.to_owned(), PARTITIONS)).collect();
    let mut checker = Checker::new(journal, &topics, &partitions);
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
    checker.finish().samples
}

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Four pushes of three messages for one user, one after the other: two acknowledged, one with an unknown outcome,
/// one refused. The log has the first two.
fn four_pushes() -> (Journal, Vec<Stored>, Vec<Stored>, Vec<Stored>) {
    let (users, pushes) = pushes(1, "WEB=1", "3", 12);
    let mut journal = Journal::new(RunId::new(RUN), Arc::clone(&users));
    let verdicts =
        [Verdict::Acknowledged, Verdict::Acknowledged, Verdict::Unknown, Verdict::NothingPublished];
    for (push, verdict) in pushes.iter().zip(verdicts) {
        let sent = millis(20 * u64::from(push.sequence));
        journal.record(push, verdict, sent, sent + millis(10));
    }
    let log = pushes[..2].iter().flat_map(|push| records(&users, push)).collect();
    (journal, log, records(&users, &pushes[2]), records(&users, &pushes[3]))
}

type Edit<'a> = Box<dyn Fn(&mut Vec<Stored>) + 'a>;

#[test]
fn each_single_fault_is_named_and_nothing_else() {
    let (journal, log, unknown, refused) = four_pushes();
    let other = |partition: i32| (partition + 1) % PARTITIONS.cast_signed();
    let cases: Vec<(&str, Edit<'_>, &[&str])> = vec![
        ("nothing is wrong", Box::new(|_| {}), &[]),
        ("an unknown outcome was published whole", Box::new(|log| log.extend(unknown.clone())), &[]),
        ("an unknown outcome was published in part", Box::new(|log| log.push(unknown[1].clone())), &[]),
        ("a record is missing", Box::new(|log| drop(log.remove(4))), &["lost"]),
        ("all records are missing", Box::new(Vec::clear), &["lost"; 6]),
        ("a record is there twice", Box::new(|log| log.push(log[1].clone())), &["duplicated"]),
        (
            "a record of an unknown outcome is there twice",
            Box::new(|log| log.extend([unknown[0].clone(), unknown[0].clone()])),
            &["duplicated"],
        ),
        (
            "two records of a push are swapped",
            Box::new(|log| log.swap(0, 1)),
            &["out of order within a push"],
        ),
        (
            "two records of pushes after each other are swapped",
            Box::new(|log| log.swap(2, 3)),
            &["out of order across pushes"],
        ),
        (
            "a push of unknown outcome lies before one that was acknowledged before it",
            Box::new(|log| log.insert(5, unknown[0].clone())),
            &["out of order across pushes"],
        ),
        ("a value has another byte", Box::new(|log| log[3].value[9] ^= 1), &["altered"]),
        ("a value has lost its end", Box::new(|log| log[3].value.truncate(40)), &["altered"]),
        ("a value has white space more", Box::new(|log| log[3].value.push(b' ')), &["altered"]),
        ("an id is another", Box::new(|log| log[3].id.push_str("-1")), &["wrong id"]),
        ("a key is another", Box::new(|log| log[3].key = b"other".to_vec()), &["wrong key"]),
        (
            "a partition is another",
            Box::new(|log| log[3].partition = other(log[3].partition)),
            &["wrong partition"],
        ),
        ("a topic is another", Box::new(|log| log[3].topic = "other".to_owned()), &["wrong topic"]),
        (
            "a message is a dead letter",
            Box::new(|log| log[3].topic = "dead-letter".to_owned()),
            &["wrong topic"],
        ),
        (
            "a record has no push",
            Box::new(|log| log.push(Stored { push: None, ..log[0].clone() })),
            &["not from this run"],
        ),
        (
            "a record is of another run",
            Box::new(|log| {
                let push = Some(format!("{};0/3;0;key", RunId::new(1).request_id(0)));
                log.push(Stored { push, ..log[0].clone() });
            }),
            &["not from this run"],
        ),
        (
            "a record has an index that its push has not",
            Box::new(|log| {
                let push = Some(format!("{};3/3;0;key", RunId::new(RUN).request_id(0)));
                log.push(Stored { push, ..log[0].clone() });
            }),
            &["not from this run"],
        ),
        (
            "a refused push was published",
            Box::new(|log| log.extend(refused.clone())),
            &["published though refused"; 3],
        ),
    ];
    for (name, edit, expected) in cases {
        let mut log = log.clone();
        edit(&mut log);
        let found = check(&journal, &log);
        assert_eq!(found.iter().map(Violation::kind).collect::<Vec<_>>(), expected, "{name}: {found:?}");
    }
}

#[test]
fn a_violation_says_where_it_is() {
    let (journal, mut log, ..) = four_pushes();
    log.swap(2, 3);
    let found = check(&journal, &log);
    let partition = log[0].partition;
    assert_eq!(
        found[0].to_string(),
        format!(
            "out of order across pushes: push sim-000000000000feed-0 message 2 at web[{partition}]@3 \
             lies after push sim-000000000000feed-1 message 0"
        )
    );
}

#[test]
fn pushes_in_flight_together_may_lie_in_any_order() {
    let (mut journal, mut log, ..) = four_pushes();
    journal.pushes[1].sent = millis(5);
    log.rotate_left(3);
    assert_eq!(check(&journal, &log), []);
    log.rotate_left(3);
    log.swap(2, 3);
    assert_eq!(check(&journal, &log), []);
}

#[test]
fn many_users_channels_and_pushes_pass_in_whatever_order_partitions_are_read() {
    let (users, pushes) = pushes(300, "WEB=80,WHATSAPP=15,LINE=5", "1-50", 20_000);
    let mut journal = Journal::new(RunId::new(RUN), Arc::clone(&users));
    for push in pushes.iter().rev() {
        let sent = millis(u64::from(push.sequence));
        journal.record(push, Verdict::Acknowledged, sent, sent + Duration::from_micros(500));
    }
    journal.sort();
    let mut log: Vec<Stored> = pushes.iter().flat_map(|push| records(&users, push)).collect();
    assert_eq!(check(&journal, &log), []);
    log.sort_by_key(|stored| (stored.partition, stored.topic.clone()));
    assert_eq!(check(&journal, &log), []);
}

#[test]
fn every_violation_is_counted_and_a_few_are_kept() {
    let (users, pushes) = pushes(1, "WEB=1", "10", 1_000);
    let mut journal = Journal::new(RunId::new(RUN), Arc::clone(&users));
    for push in &pushes {
        journal.record(push, Verdict::Acknowledged, millis(0), millis(1));
    }
    let (topics, partitions) = (topics(), HashMap::new());
    let violations = Checker::new(&journal, &topics, &partitions).finish();
    assert_eq!(violations.counts, [("lost", 1_000)].into());
    assert_eq!(violations.samples.len(), 20);
}
