//! Reads what came into the topics during a run.

use std::collections::HashMap;
use std::fmt;
use std::time::{Duration, Instant};

use aicc_schema::cloudevents::{AICC_PUSH, CE_ID};
use rdkafka::ClientConfig;
use rdkafka::config::FromClientConfig as _;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Headers, Message as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::checker::Record;
use super::topics::Topics;
use crate::journal::Offsets;

/// How long one request to Kafka, or the wait for a next record, may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How to reach Kafka. Its `Debug` output leaves out the properties' values, as `sasl.password` is one.
#[derive(Clone)]
pub struct Kafka {
    /// `host:port`, several separated by commas.
    pub bootstrap_servers: String,
    /// librdkafka properties, for example for SASL.
    pub properties: Vec<(String, String)>,
}

impl fmt::Debug for Kafka {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.properties.iter().map(|(name, _)| name.as_str()).collect();
        let mut debug = f.debug_struct("Kafka");
        debug.field("bootstrap_servers", &self.bootstrap_servers).field("properties", &names).finish()
    }
}

/// Why the topics could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Kafka cannot be reached, refuses, or a property is wrong.
    #[error("Kafka: {0}")]
    Kafka(#[from] KafkaError),
    /// A topic does not exist.
    #[error(
        "topic `{0}` does not exist; create it, or name the gateway's topics with --topic and its siblings"
    )]
    NoTopic(String),
    /// Retention deleted records of the run before they were read.
    #[error(
        "{topic}[{partition}] no longer has what was written at the start of the run: its retention is too short"
    )]
    Trimmed {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
    },
    /// Nothing came for half a minute although there is more to read.
    #[error("no record came for {PATIENCE:?} although {left} partitions are not read to their end")]
    Stalled {
        /// Partitions that are not read to their end.
        left: usize,
    },
}

/// An offset of every partition, usually its end at one moment: what is written later lies behind it.
pub struct Mark {
    consumer: BaseConsumer,
    offsets: Offsets,
}

impl Mark {
    /// Notes where the topics end now. Blocks.
    pub fn set(kafka: &Kafka, topics: &Topics) -> Result<Self, ReadError> {
        Self::make(kafka, topics, |consumer, topic, partition| {
            Ok(consumer.fetch_watermarks(topic, partition, PATIENCE)?.1)
        })
    }

    /// Takes up what was noted before, the earliest of each partition; one that nothing is known of is read from
    /// offset 0. Blocks.
    pub fn resume<'a>(
        kafka: &Kafka,
        topics: &Topics,
        noted: impl IntoIterator<Item = &'a Offsets>,
    ) -> Result<Self, ReadError> {
        let noted: Vec<&Offsets> = noted.into_iter().collect();
        Self::make(kafka, topics, |_, topic, partition| {
            let place = (topic.to_owned(), partition);
            let offsets = noted.iter().map(|offsets| offsets.get(&place).copied().unwrap_or_default());
            Ok(offsets.min().unwrap_or_default())
        })
    }

    /// `offset` gives each partition's.
    fn make(
        kafka: &Kafka,
        topics: &Topics,
        offset: impl Fn(&BaseConsumer, &str, i32) -> Result<i64, ReadError>,
    ) -> Result<Self, ReadError> {
        let mut config = ClientConfig::new();
        for (name, value) in &kafka.properties {
            config.set(name, value);
        }
        config
            .set("bootstrap.servers", &kafka.bootstrap_servers)
            // Needed by the client to assign partitions; nothing is committed and no group is joined.
            .set("group.id", "aicc-simulator")
            .set("enable.auto.commit", "false")
            .set("allow.auto.create.topics", "false")
            .set("auto.offset.reset", "error")
            .set("isolation.level", "read_uncommitted")
            .set("check.crcs", "true");
        let consumer = BaseConsumer::from_config(&config)?;
        let mut offsets = Offsets::new();
        for topic in topics.names() {
            let metadata = consumer.fetch_metadata(Some(topic), PATIENCE)?;
            let partitions =
                metadata.topics().iter().find(|found| found.name() == topic && found.error().is_none());
            let partitions = partitions.ok_or_else(|| ReadError::NoTopic(topic.to_owned()))?.partitions();
            for partition in partitions {
                let offset = offset(&consumer, topic, partition.id())?;
                offsets.insert((topic.to_owned(), partition.id()), offset);
            }
        }
        Ok(Self { consumer, offsets })
    }

    /// Every partition and its offset.
    pub fn offsets(&self) -> &Offsets {
        &self.offsets
    }

    /// Number of partitions by topic.
    pub fn partitions(&self) -> HashMap<String, u32> {
        let mut counts = HashMap::new();
        for (topic, _) in self.offsets.keys() {
            *counts.entry(topic.clone()).or_default() += 1;
        }
        counts
    }

    /// Gives every record from the mark up to what is the end now to `sink`. Blocks.
    pub fn read_since(&self, mut sink: impl FnMut(&Record<'_>)) -> Result<u64, ReadError> {
        let mut left: HashMap<&str, HashMap<i32, i64>> = HashMap::new();
        let mut assignment = TopicPartitionList::new();
        for ((topic, partition), &start) in &self.offsets {
            let (low, end) = self.consumer.fetch_watermarks(topic, *partition, PATIENCE)?;
            if low > start {
                return Err(ReadError::Trimmed { topic: topic.clone(), partition: *partition });
            }
            if end > start {
                left.entry(topic).or_default().insert(*partition, end);
                assignment.add_partition_offset(topic, *partition, Offset::Offset(start))?;
            }
        }
        self.consumer.assign(&assignment)?;
        let mut records = 0;
        let mut last = Instant::now();
        while !left.is_empty() {
            match self.consumer.poll(Duration::from_millis(200)) {
                Some(Ok(message)) => {
                    last = Instant::now();
                    let Some(partitions) = left.get_mut(message.topic()) else { continue };
                    let Some(&end) = partitions.get(&message.partition()) else { continue };
                    if message.offset() < end {
                        records += 1;
                        sink(&record(&message));
                    }
                    if message.offset() + 1 >= end {
                        partitions.remove(&message.partition());
                        left.retain(|_, partitions| !partitions.is_empty());
                    }
                }
                // Brokers come and go; the client goes on by itself, and patience ends it.
                Some(Err(error)) if last.elapsed() > PATIENCE => return Err(error.into()),
                None if last.elapsed() > PATIENCE => {
                    return Err(ReadError::Stalled { left: left.values().map(HashMap::len).sum() });
                }
                Some(Err(_)) | None => {}
            }
        }
        self.consumer.unassign()?;
        Ok(records)
    }
}

fn record<'a>(message: &'a BorrowedMessage<'_>) -> Record<'a> {
    let mut record = Record {
        topic: message.topic(),
        partition: message.partition(),
        offset: message.offset(),
        key: message.key(),
        value: message.payload(),
        push: None,
        id: None,
    };
    for header in message.headers().into_iter().flat_map(Headers::iter) {
        match header.key {
            AICC_PUSH => record.push = header.value,
            CE_ID => record.id = header.value,
            _ => {}
        }
    }
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_properties_are_not_shown() {
        let properties = vec![("sasl.password".to_owned(), "hunter2".to_owned())];
        let kafka = Kafka { bootstrap_servers: "kafka:9092".to_owned(), properties };
        let shown = format!("{kafka:?}");
        assert!(shown.contains("sasl.password") && !shown.contains("hunter2"), "{shown}");
    }
}
