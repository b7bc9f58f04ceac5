//! Publishing: one idempotent producer, what is known of its topics, and the outcome of each batch.

mod client;
mod clock;
mod create;
mod delivery;
mod durability;
mod health;
mod lanes;
mod native;
mod producers;
mod settings;
mod topics;
mod watch;

use std::sync::Arc;
use std::time::Duration;

use rdkafka::message::OwnedHeaders;
use rdkafka::producer::{BaseRecord, Producer as _};
use rdkafka::types::RDKafkaErrorCode;

pub(crate) use client::connection;
pub(crate) use create::Creator;
pub(crate) use delivery::Delivery;
pub(crate) use delivery::{Cause, Outcome};
pub(crate) use health::Health;
pub(crate) use topics::{TopicId, TopicState, Topics};

use crate::config::{Config, RECORD_OVERHEAD};
use crate::metrics::Metrics;
use client::Reports;
pub(crate) use lanes::LaneClosed;
use lanes::{BrokerId, LanePermit, Lanes};
use producers::{Bell, Producers};
use watch::{Watch, Watched};

/// A record as it goes to Kafka.
pub(crate) struct Record<'a> {
    pub(crate) topic: TopicId,
    pub(crate) key: Option<&'a [u8]>,
    pub(crate) value: &'a [u8],
    pub(crate) headers: Option<OwnedHeaders>,
}

/// The way to Kafka.
pub(crate) struct Publisher {
    // Stopped first: it uses the producers.
    _watch: Watch,
    producers: Arc<Producers>,
    topics: Arc<Topics>,
    health: Arc<Health>,
    lanes: Arc<Lanes>,
    settings_changed: Arc<Bell>,
}

impl Publisher {
    /// Starts the producer and looks for the topics in the background; Kafka need not be there yet.
    pub(crate) fn start(config: &Config, metrics: Arc<Metrics>) -> anyhow::Result<Self> {
        let Config { kafka, limits, topics: wanted, .. } = config.clone();
        let reports = Reports {
            topics: Arc::new(Topics::new(&wanted)),
            health: Arc::new(Health::new(kafka.publish_timeout)),
            lanes: Arc::new(Lanes::new(&limits, kafka.publish_timeout)),
            metrics,
            producer_failed: Arc::default(),
            settings_changed: Arc::default(),
        };
        let Reports { topics, health, lanes, producer_failed, settings_changed, .. } = reports.clone();
        let connection = connection(&kafka);
        let producers = Arc::new(Producers::new(Box::new(move |batch_bytes| {
            client::producer(&kafka, &limits, batch_bytes, reports.clone())
        }))?);
        let watch = Watch::start(Watched {
            producers: producers.clone(),
            bell: producer_failed,
            topics: topics.clone(),
            health: health.clone(),
            creator: wanted.create.then(|| Creator::new(connection.clone(), &wanted)),
        })?;
        settings::watch(connection, topics.clone(), Arc::downgrade(&producers), settings_changed.clone())?;
        Ok(Self { _watch: watch, producers, topics, health, lanes, settings_changed })
    }

    /// What is known of the topics.
    pub(crate) fn topics(&self) -> &Topics {
        &self.topics
    }

    /// Whether Kafka can be reached.
    pub(crate) fn health(&self) -> &Health {
        &self.health
    }

    /// Whether a topic takes a record of this size, as far as Kafka has told. Where not, its settings are looked at again
    /// soon: they may have been changed back.
    pub(crate) fn takes(&self, topic: TopicId, bytes: usize) -> bool {
        let takes = self.topics.max_message_bytes(topic).is_none_or(|max| bytes + RECORD_OVERHEAD <= max);
        if !takes {
            self.settings_changed.ring();
        }
        takes
    }

    /// Takes room in the lanes of the brokers that a batch needs: `keys` are its records' topics and keys, `bytes` the
    /// size of its body.
    pub(crate) fn lanes<'a>(
        &self,
        keys: impl Iterator<Item = (TopicId, Option<&'a [u8]>)>,
        bytes: usize,
    ) -> Result<Vec<LanePermit>, LaneClosed> {
        let mut needed: Vec<(BrokerId, usize)> = Vec::new();
        for leader in keys.filter_map(|(topic, key)| self.topics.leader_of_key(topic, key)) {
            match needed.iter_mut().find(|(broker, _)| *broker == leader) {
                Some((_, messages)) => *messages += 1,
                None => needed.push((leader, 1)),
            }
        }
        needed.into_iter().map(|(broker, messages)| self.lanes.take(broker, messages, bytes)).collect()
    }

    /// Records that were handed over and are not reported yet.
    pub(crate) fn queued(&self) -> usize {
        self.producers.queued()
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
        let producer = self.producers.current();
        for (queued, record) in records.enumerate() {
            let name = self.topics.name(record.topic);
            let mut kafka_record = BaseRecord::<[u8], [u8], _>::with_opaque_to(name, delivery.clone())
                .payload(record.value)
                .timestamp(timestamp);
            kafka_record.key = record.key;
            kafka_record.headers = record.headers;
            if let Err((error, _)) = producer.send(kafka_record) {
                tracing::warn!(%error, queued, of = count, "the producer takes no more");
                let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Fail);
                delivery.not_queued(count - queued, producer.context().failed(name, code));
                return;
            }
        }
    }

    /// Waits until everything that was queued is reported, at most `timeout`.
    pub(crate) fn flush(&self, timeout: Duration) {
        self.producers.flush(timeout);
        let records = self.queued();
        if records > 0 {
            tracing::error!(records, "stopped with records whose outcome is unknown");
        }
    }
}

#[cfg(test)]
mod tests {
    use rdkafka::mocking::MockCluster;
    use rdkafka::producer::Producer as _;
    use tokio::time::timeout;

    use super::*;

    const SOON: Duration = Duration::from_secs(10);

    /// A publisher on a mock cluster with its topics.
    fn publisher() -> (MockCluster<'static, rdkafka::producer::DefaultProducerContext>, Publisher) {
        let cluster = MockCluster::new(1).unwrap();
        let settings = format!(
            "kafka.bootstrap_servers = {:?}\nauth.bearer_tokens = [{{ name = \"t\", token = \"t\" }}]",
            cluster.bootstrap_servers()
        );
        let config = Config::parse(&settings, []).unwrap();
        for topic in config.topics.names() {
            cluster.create_topic(topic, 3, 1).unwrap();
        }
        let publisher = Publisher::start(&config, Arc::new(Metrics::new().unwrap())).unwrap();
        (cluster, publisher)
    }

    async fn publish(publisher: &Publisher) -> Outcome {
        let topic = publisher.topics().of_channel("WEB");
        let record = Record { topic, key: Some(b"1"), value: b"{}", headers: None };
        let delivery = Arc::new(Delivery::new(1, ()));
        publisher.enqueue([record].into_iter(), 0, &delivery);
        timeout(SOON, delivery.settled()).await.expect("an outcome")
    }

    #[tokio::test]
    async fn a_producer_that_failed_for_good_is_replaced() {
        let (_cluster, publisher) = publisher();
        assert_eq!(publish(&publisher).await, Outcome::Durable);

        native::fail_for_good(publisher.producers.current().client());
        let recovered = async {
            while publish(&publisher).await != Outcome::Durable {
                tokio::task::yield_now().await;
            }
        };
        timeout(SOON, recovered).await.expect("another producer");
        publisher.flush(SOON);
        assert_eq!(publisher.queued(), 0);
    }

    #[tokio::test]
    async fn smaller_record_batches_take_another_producer_and_lose_nothing() {
        let (_cluster, publisher) = publisher();
        let first = Arc::as_ptr(&publisher.producers.current());
        publisher.producers.limit_batches(10_000_000);
        assert_eq!(Arc::as_ptr(&publisher.producers.current()), first, "librdkafka's own limit is smaller");
        let before = publish(&publisher);
        publisher.producers.limit_batches(20_000);
        assert_ne!(Arc::as_ptr(&publisher.producers.current()), first);
        assert_eq!(before.await, Outcome::Durable);
        assert_eq!(publish(&publisher).await, Outcome::Durable);
    }
}
