//! Reading whole topics.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::message::{BorrowedMessage, Headers, Message};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use super::metadata;

const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(50);

/// A record as it lies in Kafka.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The topic that holds it.
    pub topic: String,
    /// The partition of the topic, from 0.
    pub partition: i32,
    /// Its place in the partition, from 0.
    pub offset: i64,
    /// Milliseconds since 1970, UTC.
    pub timestamp_ms: i64,
    /// The key; `None` is Kafka's null.
    pub key: Option<Vec<u8>>,
    /// The value; `None` is Kafka's null.
    pub value: Option<Vec<u8>>,
    /// In their order; names may repeat.
    pub headers: Vec<(String, Vec<u8>)>,
}

impl Record {
    /// The value of the first header of exactly that name.
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice())
    }
}

/// Reads topics from their beginning, without a consumer group.
pub(super) struct Reader {
    topics: Vec<String>,
    consumer: BaseConsumer,
    /// The next offset to read of each partition.
    next: HashMap<(String, i32), i64>,
    records: Vec<Record>,
}

impl Reader {
    pub(super) fn new(bootstrap_servers: &str, topics: Vec<String>) -> KafkaResult<Self> {
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", bootstrap_servers)
            // Never joined, nothing is committed: the client only wants a name.
            .set("group.id", "aicc-testkit")
            .set("enable.auto.commit", "false")
            .set("fetch.wait.max.ms", "50")
            .create()?;
        let mut assignment = TopicPartitionList::new();
        let mut next = HashMap::new();
        for topic in &topics {
            let partitions = metadata::partitions(bootstrap_servers, topic)?.len();
            if partitions == 0 {
                return Err(KafkaError::MetadataFetch(RDKafkaErrorCode::UnknownTopicOrPartition));
            }
            for partition in (0..).take(partitions) {
                assignment.add_partition_offset(topic, partition, Offset::Beginning)?;
                next.insert((topic.clone(), partition), 0);
            }
        }
        consumer.assign(&assignment)?;
        Ok(Self { topics, consumer, next, records: Vec::new() })
    }

    /// Reads on to where the partitions end now. `false`: `deadline` came first.
    pub(super) fn read_to_end(&mut self, deadline: Instant) -> KafkaResult<bool> {
        let mut ends = HashMap::new();
        for (topic, partition) in self.next.keys() {
            let (low, high) = self.consumer.fetch_watermarks(topic, *partition, REQUEST_TIMEOUT)?;
            // What retention has deleted cannot be read.
            ends.insert((topic.clone(), *partition), if low == high { 0 } else { high });
        }
        while self.next.iter().any(|(partition, next)| *next < ends[partition]) {
            if Instant::now() >= deadline {
                return Ok(false);
            }
            match self.consumer.poll(POLL).transpose() {
                Ok(None) => {}
                Ok(Some(message)) => {
                    let record = record(&message);
                    self.next.insert((record.topic.clone(), record.partition), record.offset + 1);
                    self.records.push(record);
                }
                // The client tries again by itself, and the deadline ends that.
                Err(error) if is_passing(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }

    /// How many were read so far.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// What was read, sorted by topic (in the order given), partition and offset.
    pub(super) fn into_records(mut self) -> Vec<Record> {
        let place = |topic: &str| self.topics.iter().position(|known| known == topic);
        self.records.sort_by_key(|record| (place(&record.topic), record.partition, record.offset));
        self.records
    }
}

fn is_passing(error: &KafkaError) -> bool {
    use RDKafkaErrorCode::{AllBrokersDown, BrokerTransportFailure, OperationTimedOut};
    matches!(error.rdkafka_error_code(), Some(AllBrokersDown | BrokerTransportFailure | OperationTimedOut))
}

fn record(message: &BorrowedMessage<'_>) -> Record {
    let headers = message.headers().map_or_else(Vec::new, |headers| {
        headers
            .iter()
            .map(|header| (header.key.to_owned(), header.value.unwrap_or_default().to_vec()))
            .collect()
    });
    Record {
        topic: message.topic().to_owned(),
        partition: message.partition(),
        offset: message.offset(),
        timestamp_ms: message
            .timestamp()
            .to_millis()
            .expect("every record of today's format has a timestamp"),
        key: message.key().map(<[u8]>::to_vec),
        value: message.payload().map(<[u8]>::to_vec),
        headers,
    }
}
