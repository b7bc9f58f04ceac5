//! The producer's configuration, and what it calls back: delivery reports, errors, log lines.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::client::ClientContext;
use rdkafka::config::{FromClientConfigAndContext, RDKafkaLogLevel};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::message::{BorrowedMessage, Headers, Message};
use rdkafka::producer::{DeliveryResult, ProducerContext, ThreadedProducer};
use rdkafka::types::RDKafkaErrorCode;
use serde::Deserialize;

use super::delivery::{Cause, Delivery};
use super::health::Health;
use super::lanes::{BrokerId, Lanes};
use super::native::Persistence;
use super::producers::Bell;
use super::topics::{TopicState, Topics};
use crate::config;
use crate::metrics::Metrics;

pub(super) type Producer = ThreadedProducer<Reports>;

/// How often librdkafka tells what it heard from each broker.
const STATISTICS_INTERVAL: Duration = Duration::from_secs(1);

/// The properties every client of the cluster shares, as the configuration gives them.
pub(crate) fn connection(config: &config::Kafka) -> ClientConfig {
    let mut client = ClientConfig::new();
    client
        .set("bootstrap.servers", &config.bootstrap_servers)
        .set("client.id", "aicc-gateway")
        // A broker that comes back is noticed within a second; librdkafka would wait up to ten.
        .set("reconnect.backoff.ms", "50")
        .set("reconnect.backoff.max.ms", "1000")
        .set("socket.keepalive.enable", "true")
        .set("socket.nagle.disable", "true")
        .set("allow.auto.create.topics", "false");
    for (name, value) in &config.properties {
        client.set(name, value);
    }
    client
}

/// A producer: idempotent, acks=all, the Java client's partitioner. `batch_bytes` bounds its record batches.
pub(super) fn producer(
    config: &config::Kafka,
    limits: &config::Limits,
    batch_bytes: usize,
    reports: Reports,
) -> KafkaResult<Producer> {
    let mut client = ClientConfig::new();
    // librdkafka's defaults for these are for others than us; the configuration's properties may override them.
    client
        .set("linger.ms", "0")
        .set("statistics.interval.ms", STATISTICS_INTERVAL.as_millis().to_string())
        .set("message.max.bytes", (limits.message_bytes + config::RECORD_OVERHEAD).max(1_000_000).to_string())
        // Admission bounds what is queued; librdkafka's own bounds must not come first.
        .set("batch.size", batch_bytes.to_string())
        .set("queue.buffering.max.messages", "0")
        .set("queue.buffering.max.kbytes", "2097151");
    for (name, value) in connection(config).config_map() {
        client.set(name, value);
    }
    // These carry the promise, and the configuration refuses to override them.
    client
        .set("acks", "all")
        .set("enable.idempotence", "true")
        .set("partitioner", "murmur2_random")
        // A message that expires in the client bumps the producer's epoch, and what other partitions have in flight
        // could land twice. So it outlives all but the longest fault (Kafka's own default is the same), and the
        // answer to a push comes from a timer of ours.
        .set("message.timeout.ms", "120000");
    Producer::from_config_and_context(&client, reports)
}

/// Takes what librdkafka reports to those whom it concerns.
#[derive(Clone)]
pub(super) struct Reports {
    pub(super) topics: Arc<Topics>,
    pub(super) health: Arc<Health>,
    pub(super) lanes: Arc<Lanes>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) bell: Arc<Bell>,
}

/// Of librdkafka's statistics (its `STATISTICS.md`), what is used here.
#[derive(Deserialize)]
struct Statistics {
    brokers: HashMap<String, BrokerStatistics>,
}

#[derive(Deserialize)]
struct BrokerStatistics {
    /// -1 for a bootstrap address.
    nodeid: BrokerId,
    state: String,
    /// Microseconds since the last byte from it; -1 if there was none on this connection.
    rxidle: i64,
}

impl Reports {
    /// Who answered since the last statistics is alive, whatever it answered.
    fn observe(&self, statistics: &Statistics) {
        for broker in statistics.brokers.values() {
            let recent =
                u128::try_from(broker.rxidle).is_ok_and(|idle| idle <= STATISTICS_INTERVAL.as_micros());
            let up = broker.state == "UP";
            if up && recent {
                self.health.heard();
                self.lanes.heard(broker.nodeid);
            }
            // One that nothing was asked of yet is neither up nor down.
            if broker.nodeid >= 0 && broker.state != "INIT" {
                self.metrics.kafka_broker(broker.nodeid, up);
            }
        }
    }

    /// An acknowledgement, at a time when it is news that there is one.
    fn acknowledged(&self, message: &BorrowedMessage<'_>) {
        self.health.heard();
        let topic = self.topics.find(message.topic());
        if let Some(leader) = topic.and_then(|id| self.topics.leader(id, message.partition())) {
            self.lanes.heard(leader);
        }
    }

    fn failed(&self, error: &KafkaError, message: &BorrowedMessage<'_>) -> Cause {
        let Some(code) = error.rdkafka_error_code() else { return Cause::Unavailable };
        self.metrics.kafka_error(code);
        tracing::debug!(topic = message.topic(), partition = message.partition(), ?code, "record failed");
        let state = match code {
            RDKafkaErrorCode::UnknownTopic | RDKafkaErrorCode::UnknownTopicOrPartition => TopicState::Missing,
            RDKafkaErrorCode::TopicAuthorizationFailed => TopicState::Denied,
            RDKafkaErrorCode::MessageSizeTooLarge
            | RDKafkaErrorCode::InvalidMessageSize
            | RDKafkaErrorCode::InvalidRecord
            | RDKafkaErrorCode::InvalidTimestamp
            | RDKafkaErrorCode::PolicyViolation
            | RDKafkaErrorCode::ClusterAuthorizationFailed => return Cause::Refused,
            _ => return Cause::Unavailable,
        };
        if let Some(topic) = self.topics.find(message.topic()) {
            self.topics.learn(topic, state);
        }
        Cause::Refused
    }
}

impl ProducerContext for Reports {
    type DeliveryOpaque = Arc<Delivery>;

    fn delivery(&self, result: &DeliveryResult<'_>, delivery: Arc<Delivery>) {
        match result {
            Ok(message) => {
                if self.health.unreachable() || self.lanes.waiting() {
                    self.acknowledged(message);
                }
                if tracing::enabled!(tracing::Level::DEBUG) {
                    log_record(message);
                }
                delivery.report(None, Persistence::Yes);
            }
            Err((error, message)) => {
                let cause = self.failed(error, message);
                delivery.report(Some(cause), Persistence::of(message));
            }
        }
    }
}

/// One line a message, without anything of a customer.
fn log_record(message: &BorrowedMessage<'_>) {
    let ce_id = message
        .headers()
        .and_then(|headers| headers.iter().find(|header| header.key == aicc_schema::cloudevents::CE_ID))
        .and_then(|header| header.value)
        .map(String::from_utf8_lossy)
        .unwrap_or_default();
    tracing::debug!(
        %ce_id,
        topic = message.topic(),
        partition = message.partition(),
        offset = message.offset(),
        "record is durable"
    );
}

impl ClientContext for Reports {
    /// Overridden, because the ready-made parser reads every partition's statistics, too.
    fn stats_raw(&self, json: &[u8]) {
        match serde_json::from_slice::<Statistics>(json) {
            Ok(statistics) => self.observe(&statistics),
            Err(error) => tracing::debug!(%error, "librdkafka's statistics cannot be read"),
        }
    }

    fn log(&self, level: RDKafkaLogLevel, facility: &str, text: &str) {
        match level {
            RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical => {
                tracing::error!(target: "librdkafka", facility, "{text}");
            }
            RDKafkaLogLevel::Error | RDKafkaLogLevel::Warning => {
                tracing::warn!(target: "librdkafka", facility, "{text}")
            }
            RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => {
                tracing::info!(target: "librdkafka", facility, "{text}")
            }
            RDKafkaLogLevel::Debug => tracing::debug!(target: "librdkafka", facility, "{text}"),
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        if let Some(code) = error.rdkafka_error_code() {
            self.metrics.kafka_error(code);
        }
        tracing::debug!(target: "librdkafka", %error, "{reason}");
        if error.rdkafka_error_code() == Some(RDKafkaErrorCode::Fatal) {
            self.bell.ring();
        }
    }
}
