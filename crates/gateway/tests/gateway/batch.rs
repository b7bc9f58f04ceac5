//! Batches whose messages can be found again in Kafka, one by one.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use aicc_testkit::Record;

use crate::support::{Request, code, send};

/// So many users share a batch, so that its records go to several partitions.
const USERS: usize = 4;

/// The messages of a push, all different.
#[derive(Debug)]
pub(crate) struct Batch {
    name: String,
    values: Vec<String>,
}

/// What a push was answered, and after how long.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) after: Duration,
}

impl Batch {
    /// `count` messages of the channel WEB. The name occurs once in a test.
    pub(crate) fn new(name: impl Into<String>, count: usize) -> Self {
        Self::of_channels(name, &vec!["WEB"; count])
    }

    /// A message of each of these channels.
    pub(crate) fn of_channels(name: impl Into<String>, channels: &[&str]) -> Self {
        let name = name.into();
        let message = |(index, channel): (usize, &&str)| {
            let user = index % USERS;
            format!(
                r#"{{"from":"1","channel":"{channel}","to":"{name} user {user}","controlType":"CHAT","mediaType":"TEXT","content":"{name} message {index}","sourceType":"AGENT","timestamp":1625898453913}}"#
            )
        };
        Self { values: channels.iter().enumerate().map(message).collect(), name }
    }

    /// The same messages, and one more that lacks everything.
    pub(crate) fn with_invalid_message(mut self) -> Self {
        self.values.push(format!(r#"{{"content":"{} invalid"}}"#, self.name));
        self
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn body(&self) -> String {
        format!(r#"{{"timestamp":1625898453913,"messages":[{}]}}"#, self.values.join(","))
    }

    /// A push of the batch, signed now.
    pub(crate) fn request(&self) -> Request {
        Request::push(self.body()).signed()
    }

    /// Pushes the batch on a connection of its own.
    #[track_caller]
    pub(crate) fn push(&self, server: SocketAddr) -> Answer {
        let request = self.request();
        let started = Instant::now();
        let response = send(server, &request);
        Answer { status: response.status, code: code(&response), after: started.elapsed() }
    }
}

impl Answer {
    /// Asserts status and code.
    #[track_caller]
    pub(crate) fn is(&self, status: u16, code: &str, scenario: &str) {
        assert_eq!((self.status, self.code.as_str()), (status, code), "{scenario}: {self:?}");
    }
}

/// What lies in Kafka, by value.
pub(crate) struct Landed(HashMap<Vec<u8>, Vec<Place>>);

/// Topic, partition, offset.
type Place = (String, i32, i64);

impl Landed {
    pub(crate) fn new(records: Vec<Record>) -> Self {
        let mut landed: HashMap<_, Vec<Place>> = HashMap::new();
        for record in records {
            let place = (record.topic, record.partition, record.offset);
            landed.entry(record.value.unwrap_or_default()).or_default().push(place);
        }
        Self(landed)
    }

    /// How many times each message of a batch is there.
    pub(crate) fn copies(&self, batch: &Batch) -> Vec<usize> {
        let copies = |value: &String| self.0.get(value.as_bytes()).map_or(0, Vec::len);
        batch.values.iter().map(copies).collect()
    }

    /// Asserts that nothing of a batch is there.
    #[track_caller]
    pub(crate) fn lacks(&self, batch: &Batch, scenario: &str) {
        let copies = self.copies(batch);
        assert!(copies.iter().all(|count| *count == 0), "{scenario}: {} is there: {copies:?}", batch.name);
    }

    /// Asserts that every message of a batch is there once, and each user's in the batch's order.
    #[track_caller]
    pub(crate) fn has_once(&self, batch: &Batch, scenario: &str) {
        let copies = self.copies(batch);
        assert!(copies.iter().all(|count| *count == 1), "{scenario}: {}: {copies:?}", batch.name);
        let place = |value: &String| &self.0[value.as_bytes()][0];
        for (earlier, later) in batch.values.iter().zip(batch.values.iter().skip(USERS)) {
            let (earlier, later) = (place(earlier), place(later));
            let same_topic = earlier.0 == later.0;
            let in_order = earlier.1 == later.1 && earlier.2 < later.2;
            assert!(!same_topic || in_order, "{scenario}: {}: {earlier:?}, {later:?}", batch.name);
        }
    }
}
