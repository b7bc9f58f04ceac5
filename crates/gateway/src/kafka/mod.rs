//! Publishing: one idempotent producer, what is known of its topics, and the outcome of each batch.

mod client;
mod create;
mod delivery;
mod health;
mod persistence;
mod topics;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use rdkafka::message::OwnedHeaders;
use rdkafka::producer::{BaseRecord, Producer as _};

pub(crate) use client::connection;
pub(crate) use create::Creator;
pub(crate) use delivery::Delivery;
pub use delivery::{Cause, Outcome};
pub use health::Health;
pub use topics::{TopicId, TopicState, Topics};

use crate::config::Config;
use crate::metrics::Metrics;
use client::{Producer, Reports};
use watch::{Watch, Watched};

/// A record as it goes to Kafka.
pub(crate) struct Record<'a> {
    pub(crate) topic: TopicId,
    pub(crate) key: Option<&'a [u8]>,
    pub(crate) value: &'a [u8],
    pub(crate) headers: Option<OwnedHeaders>,
}

/// The way to Kafka.
pub struct Publisher {
    // Stopped first: it uses the producer.
    _watch: Watch,
    producer: Arc<Producer>,
    topics: Arc<Topics>,
    health: Arc<Health>,
}

impl Publisher {
    /// Starts the producer and looks for the topics in the background; Kafka need not be there yet.
    pub fn start(config: &Config, metrics: Arc<Metrics>) -> anyhow::Result<Self> {
        let topics = Arc::new(Topics::new(&config.topics));
        let health = Arc::new(Health::new(config.kafka.publish_timeout));
        let reports = Reports { topics: topics.clone(), health: health.clone(), metrics };
        let producer = Arc::new(client::producer(&config.kafka, &config.limits, reports)?);
        let creator = config.topics.create.then(|| Creator::new(connection(&config.kafka), &config.topics));
        let watch = Watch::start(Watched {
            producer: producer.clone(),
            topics: topics.clone(),
            health: health.clone(),
            creator,
        })?;
        Ok(Self { _watch: watch, producer, topics, health })
    }

    /// What is known of the topics.
    pub fn topics(&self) -> &Topics {
        &self.topics
    }

    /// Whether Kafka can be reached.
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// Records that were handed over and are not reported yet.
    pub fn queued(&self) -> usize {
        usize::try_from(self.producer.in_flight_count()).unwrap_or_default()
    }

    /// Queues a batch in order, without blocking and without a point at which it could be torn: when this returns,
    /// every record is with the producer, or the rest is settled as never queued. `timestamp` is in ms.
    pub(crate) fn enqueue<'a>(
        &self,
        records: impl ExactSizeIterator<Item = Record<'a>>,
        timestamp: i64,
        delivery: &Arc<Delivery>,
    ) {
        let count = records.len();
        for (queued, record) in records.enumerate() {
            let name = self.topics.name(record.topic);
            let mut kafka_record = BaseRecord::<[u8], [u8], _>::with_opaque_to(name, delivery.clone())
                .payload(record.value)
                .timestamp(timestamp);
            kafka_record.key = record.key;
            kafka_record.headers = record.headers;
            if let Err((error, _)) = self.producer.send(kafka_record) {
                tracing::warn!(%error, queued, of = count, "the producer takes no more");
                delivery.not_queued(count - queued);
                return;
            }
        }
    }

    /// Waits until everything that was queued is reported, at most `timeout`.
    pub fn flush(&self, timeout: Duration) {
        if let Err(error) = self.producer.flush(timeout) {
            tracing::error!(%error, records = self.queued(), "stopped with records whose outcome is unknown");
        }
    }
}
