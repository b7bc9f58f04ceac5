//! Pushes, each with its answer and the records that it becomes, on a real Kafka and on librdkafka's mock cluster.

mod dead_letters;
mod envelopes;
mod expected;
mod given;
mod headers;
mod long_messages;
mod messages;
mod rules;
mod stands;

use aicc_testkit::Record;
use aicc_testkit::http::Response;

use crate::support::{Request, SECRET, SUCCESS, desc, expect, unix_ms};
use expected::{Expected, Flat, Place};
use stands::{Stand, each_stand};

/// A push with what has to come of it.
pub(crate) struct Case {
    pub(crate) name: String,
    /// Signed when it is sent.
    pub(crate) request: Request,
    pub(crate) status: u16,
    pub(crate) code: String,
    /// In the order of the batch.
    pub(crate) records: Vec<Expected>,
}

impl Case {
    /// A push that is acknowledged.
    pub(crate) fn delivered(name: &str, body: impl Into<Vec<u8>>, records: Vec<Expected>) -> Self {
        Self::new(name, body, 200, "0", records)
    }

    /// A push that is refused and leaves no record.
    pub(crate) fn refused(name: &str, body: impl Into<Vec<u8>>, status: u16, code: &str) -> Self {
        Self::new(name, body, status, code, Vec::new())
    }

    fn new(name: &str, body: impl Into<Vec<u8>>, status: u16, code: &str, records: Vec<Expected>) -> Self {
        Self { name: name.to_owned(), request: Request::push(body), status, code: code.to_owned(), records }
    }

    pub(crate) fn with(mut self, header: &str, value: &str) -> Self {
        self.request = self.request.with(header, value);
        self
    }
}

/// A body with one message, or several separated by commas.
pub(crate) fn push_of(messages: &str) -> String {
    format!(r#"{{"timestamp":{ENVELOPE_TIMESTAMP},"messages":[{messages}]}}"#)
}

/// Users, senders and contents of the cases' messages, and the secret: in no answer.
const PRIVATE: [&str; 5] = ["44444444", "202105284494222653", "Hello", "Amy", SECRET];

pub(crate) const ENVELOPE_TIMESTAMP: i64 = 1_625_898_453_913;

/// Sends every case to a gateway with these settings, on each kind of Kafka, and then compares everything that lies
/// there with what the cases say.
pub(crate) fn check(name: &str, settings: &[(&str, &str)], cases: &[Case]) {
    each_stand(name, settings, |stand| {
        let before = unix_ms();
        let pushes: Vec<(String, &Case)> = cases.iter().map(|case| (send(stand, case), case)).collect();
        let after = unix_ms();
        let count = cases.iter().map(|case| case.records.len()).sum();
        let mut records = stand.records(count);
        for record in &records {
            let clock = before..=after;
            assert!(
                clock.contains(&record.timestamp_ms),
                "not the gateway's clock at publishing: {record:?}"
            );
        }
        for (request_id, case) in pushes {
            let prefix = format!("{request_id};");
            let of_case = |record: &mut Record| {
                record.header("aicc-push").is_some_and(|push| push.starts_with(prefix.as_bytes()))
            };
            let found: Vec<Record> = records.extract_if(.., of_case).collect();
            compare(stand, case, &request_id, found);
        }
        assert!(records.is_empty(), "records of no case: {records:#?}");
    });
}

/// Sends a case's push, compares its answer, and gives its request id.
fn send(stand: &Stand, case: &Case) -> String {
    let name = &case.name;
    let response = stand.send(&case.request.clone().signed());
    expect(name, &response, case.status, &case.code);
    let desc = desc(&response);
    for content in PRIVATE {
        assert!(!desc.contains(content), "{name}: {content:?} is in {desc:?}");
    }
    if case.code == "0" {
        check_success(case, &response);
    }
    response.header("x-request-id").expect("a request id").to_owned()
}

/// A success says nothing more, unless a message became a dead letter: then which one, and by which rule.
fn check_success(case: &Case, response: &Response) {
    let name = &case.name;
    let errors = case.records.iter().map(Expected::error).enumerate();
    let errors: Vec<_> = errors.filter_map(|(index, error)| Some((index, error?))).collect();
    let Some((index, error)) = errors.first() else {
        assert_eq!(String::from_utf8_lossy(&response.body), SUCCESS, "{name}");
        return;
    };
    let desc = desc(response);
    let count = format!("{} of {} ", errors.len(), case.records.len());
    for part in [&count, "dead-letter topic", &format!("messages[{index}]: {error}")] {
        assert!(desc.contains(part), "{name}: {part:?} is not in {desc:?}");
    }
}

/// Compares the records of one push: each as a whole, and in the batch's order wherever they share a partition.
fn compare(stand: &Stand, case: &Case, request_id: &str, found: Vec<Record>) {
    let name = &case.name;
    assert_eq!(found.len(), case.records.len(), "{name}: {found:#?}");
    let mut found: Vec<_> = found.into_iter().map(|record| (record.partition, Flat::from(record))).collect();
    // They are sorted by offset so far.
    for pair in found.windows(2) {
        let [(partition, record), (next_partition, next)] = pair else { continue };
        if (&record.topic, partition) == (&next.topic, next_partition) {
            assert!(record.index() < next.index(), "{name}: the batch's order is lost: {pair:#?}");
        }
    }
    found.sort_by_key(|(_, record)| record.index());
    for (index, ((_, found), expected)) in found.into_iter().zip(&case.records).enumerate() {
        let push = format!("{request_id};{index}/{};{}", case.records.len(), expected.push_suffix());
        assert_eq!(found, expected.in_kafka(stand.topic(expected.place()), &push), "{name}");
    }
}
