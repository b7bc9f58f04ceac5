//! What a message has to become: its record, with all of its headers.

use std::fmt;

use aicc_testkit::Record;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::ENVELOPE_TIMESTAMP;
use crate::support::ACCESS_KEY;

/// Which of the four topics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Web,
    Whatsapp,
    Other,
    DeadLetter,
}

/// A record to come.
#[derive(Clone)]
pub(crate) struct Expected {
    place: Place,
    key: Option<String>,
    value: Vec<u8>,
    id: String,
    source: String,
    event_type: String,
    error: Option<String>,
    truncated: Option<usize>,
    more: Vec<(String, String)>,
    timestamp: i64,
}

impl Expected {
    /// Of a valid message, as its plain fields say.
    #[track_caller]
    pub(crate) fn message(value: &str) -> Self {
        let message: Value = serde_json::from_str(value).expect("a message in JSON");
        let text = |field: &str| message[field].as_str().unwrap_or_default().to_owned();
        let place = match message["channel"].as_str() {
            Some("WEB") => Place::Web,
            Some("WHATSAPP") => Place::Whatsapp,
            _ => Place::Other,
        };
        let code = text("messageCode");
        Self {
            place,
            key: Some(text("to")),
            value: value.into(),
            id: if code.is_empty() { hash(value.as_bytes()) } else { code },
            source: format!("/aicc/{}/{}", text("channel"), text("from")),
            event_type: format!("aicc.message.{}", text("controlType").to_ascii_lowercase()),
            error: None,
            truncated: None,
            more: Vec::new(),
            timestamp: ENVELOPE_TIMESTAMP,
        }
    }

    /// Of a message that breaks a rule; its `channel` is WEB and its `from` the usual one, unless
    /// [`source`](Self::source) says otherwise.
    pub(crate) fn dead_letter(value: &str, key: Option<&str>, error: &str) -> Self {
        Self {
            place: Place::DeadLetter,
            key: key.map(str::to_owned),
            value: value.into(),
            id: hash(value.as_bytes()),
            source: "/aicc/WEB/202105284494222653".to_owned(),
            event_type: "aicc.message.invalid".to_owned(),
            error: Some(error.to_owned()),
            truncated: None,
            more: Vec::new(),
            timestamp: ENVELOPE_TIMESTAMP,
        }
    }

    pub(crate) fn place_in(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    pub(crate) fn id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// The id by hash, with a suffix.
    pub(crate) fn hash_id(mut self, suffix: &str) -> Self {
        self.id = hash(&self.value) + suffix;
        self
    }

    pub(crate) fn source(mut self, source: &str) -> Self {
        source.clone_into(&mut self.source);
        self
    }

    pub(crate) fn event_type(mut self, event_type: &str) -> Self {
        event_type.clone_into(&mut self.event_type);
        self
    }

    /// One more header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.more.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Cut to so many bytes.
    pub(crate) fn cut(mut self, bytes: usize) -> Self {
        self.truncated = Some(self.value.len());
        self.value.truncate(bytes);
        self.hash_id("")
    }

    /// The envelope's timestamp.
    pub(crate) fn timestamp(mut self, timestamp: i64) -> Self {
        self.timestamp = timestamp;
        self
    }

    pub(crate) fn place(&self) -> Place {
        self.place
    }

    pub(crate) fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    pub(crate) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// The end of `aicc-push`, after request id and index.
    pub(crate) fn push_suffix(&self) -> String {
        format!("{};{ACCESS_KEY}", self.timestamp)
    }

    /// With the value of `aicc-push`, which depends on the push.
    pub(crate) fn in_kafka(&self, topic: &str, push: &str) -> Flat {
        let mut headers = vec![
            ("ce_specversion", "1.0"),
            ("ce_id", &self.id),
            ("ce_source", &self.source),
            ("ce_type", &self.event_type),
            ("content-type", "application/json"),
            ("aicc-push", push),
        ];
        let truncated = self.truncated.map(|length| length.to_string());
        headers.extend(self.error.as_deref().map(|error| ("aicc-error", error)));
        headers.extend(truncated.as_deref().map(|length| ("aicc-truncated", length)));
        headers.extend(self.more.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        Flat::new(topic.to_owned(), self.key.clone().map(String::into_bytes), self.value.clone(), headers)
    }
}

/// What is compared of a record: all but its place in the partition and its time. Headers are sorted.
#[derive(PartialEq, Eq)]
pub(crate) struct Flat {
    pub(crate) topic: String,
    key: Option<Vec<u8>>,
    value: Vec<u8>,
    headers: Vec<(String, Vec<u8>)>,
}

impl Flat {
    fn new(topic: String, key: Option<Vec<u8>>, value: Vec<u8>, mut headers: Vec<(String, Vec<u8>)>) -> Self {
        headers.sort();
        Self { topic, key, value, headers }
    }

    /// Bytes of key, value and headers.
    pub(crate) fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.len() + value.len());
        self.key.as_ref().map_or(0, Vec::len) + self.value.len() + headers.sum::<usize>()
    }

    /// The message's place in its push.
    pub(crate) fn index(&self) -> usize {
        let push = self.headers.iter().find(|(name, _)| name == "aicc-push").expect("an aicc-push");
        let push = String::from_utf8_lossy(&push.1);
        let index = push.split(';').nth(1).and_then(|part| part.split('/').next());
        index.and_then(|index| index.parse().ok()).expect("an index in aicc-push")
    }
}

impl From<Record> for Flat {
    fn from(record: Record) -> Self {
        let value = record.value.expect("never a null value");
        Self::new(record.topic, record.key, value, record.headers)
    }
}

impl fmt::Debug for Flat {
    /// As text, and of a long value only its beginning.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(1000)]).into_owned();
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| (name, text(value))).collect();
        formatter
            .debug_struct("Record")
            .field("topic", &self.topic)
            .field("key", &self.key.as_deref().map(text))
            .field("value", &text(&self.value))
            .field("bytes", &self.value.len())
            .field("headers", &headers)
            .finish()
    }
}

/// The first 32 hexadecimal digits of SHA-256.
pub(crate) fn hash(value: &[u8]) -> String {
    let digits: Vec<_> = Sha256::digest(value)[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}
