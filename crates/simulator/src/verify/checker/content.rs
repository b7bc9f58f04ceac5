//! One record against the message that it should be.

use std::collections::HashMap;

use aicc_schema::cloudevents;
use serde::Deserialize;

use super::Record;
use super::ledger::{Ledger, Sighting};
use crate::journal::value_hash;
use crate::verify::murmur2;
use crate::verify::topics::Topics;
use crate::verify::violation::{MessageRef, Place, Violation};

/// What the record of a message is to be.
pub(super) struct Expected<'a> {
    topic: &'a str,
    key: &'a [u8],
    value: u64,
    /// Number of partitions by topic.
    partitions: &'a HashMap<String, u32>,
}

impl<'a> Expected<'a> {
    pub(super) fn new(
        ledger: &Ledger<'a>,
        sighting: Sighting,
        topics: &'a Topics,
        partitions: &'a HashMap<String, u32>,
    ) -> Self {
        let (message, users) = (ledger.message(sighting), &ledger.journal.users);
        Self {
            topic: topics.of_channel(users.channel_of(message.user as usize)),
            key: users.user(message.user).id.as_bytes(),
            value: message.value,
            partitions,
        }
    }

    /// The first thing in which the record differs; `names` says which message it is, and where it lies.
    pub(super) fn compare(
        &self,
        record: &Record<'_>,
        names: impl FnOnce() -> (MessageRef, Place),
    ) -> Option<Violation> {
        let partitions = self.partitions.get(record.topic).copied().unwrap_or_default();
        let partition = murmur2::partition(self.key, partitions);
        if record.topic != self.topic {
            let (message, place) = names();
            return Some(Violation::WrongTopic { message, place, expected: self.topic.to_owned() });
        }
        if record.key != Some(self.key) {
            let (message, place) = names();
            return Some(Violation::WrongKey { message, place });
        }
        if u32::try_from(record.partition) != Ok(partition) {
            let (message, place) = names();
            return Some(Violation::WrongPartition { message, place, expected: partition });
        }
        if record.value.map(value_hash) != Some(self.value) {
            let (message, place) = names();
            return Some(Violation::Altered { message, place });
        }
        if record.value.and_then(id_of).as_deref() != record.id.and_then(|id| str::from_utf8(id).ok()) {
            let (message, place) = names();
            return Some(Violation::WrongId { message, place });
        }
        None
    }
}

/// The `ce_id` of a value: its `messageCode`, else its hash. Values of a run are unique, so none needs a suffix.
fn id_of(value: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Message {
        #[serde(rename = "messageCode")]
        message_code: Option<String>,
    }
    let code = serde_json::from_slice::<Message>(value).ok()?.message_code;
    Some(code.filter(|code| !code.is_empty()).unwrap_or_else(|| cloudevents::value_id(value)))
}
