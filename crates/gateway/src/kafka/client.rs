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

/// A client of the cluster: what every client needs here, over it `defaults`, over both the configuration's properties.
fn client(config: &config::Kafka, defaults: &[(&str, String)]) -> ClientConfig {
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
    let properties = config.properties.iter().map(|(name, value)| (name.as_str(), value));
    for (name, value) in defaults.iter().map(|(name, value)| (*name, value)).chain(properties) {
        client.set(name, value);
    }
    client
}

/// A client of the cluster for anything but producing.
pub(crate) fn connection(config: &config::Kafka) -> ClientConfig {
    client(config, &[])
}

/// A producer: idempotent, acks=all, the Java client's partitioner. `batch_bytes` bounds its record batches.
pub(super) fn producer(
    config: &config::Kafka,
    limits: &config::Limits,
    batch_bytes: usize,
    reports: Reports,
) -> KafkaResult<Producer> {
    // librdkafka's own defaults for these are for others than us.
    let record_bytes = (limits.record_bytes() + config::RECORD_OVERHEAD).max(1_000_000);
    let mut client =
        client(config, &[("linger.ms", "0".into()), ("message.max.bytes", record_bytes.to_string())]);
    let wanted = client.get("batch.size").and_then(|bytes| bytes.parse::<usize>().ok());
    client.set("batch.size", wanted.map_or(batch_bytes, |wanted| wanted.min(batch_bytes)).to_string());
    // These carry the promise, or the service needs them for it; the configuration refuses to override them.
    client
        .set("statistics.interval.ms", STATISTICS_INTERVAL.as_millis().to_string())
        // Admission bounds what is queued; librdkafka's own bounds must not come first.
        .set("queue.buffering.max.messages", "0")
        .set("queue.buffering.max.kbytes", "2097151")
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
    /// For the thread that replaces a producer which failed for good.
    pub(super) producer_failed: Arc<Bell>,
    /// For the thread that reads the topics' settings.
    pub(super) settings_changed: Arc<Bell>,
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
                // A bootstrap address has the id that stands for "no leader" elsewhere.
                if broker.nodeid >= 0 {
                    self.lanes.heard(broker.nodeid);
                }
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

    /// What a record's error says of its topic, and of the outcome.
    pub(super) fn failed(&self, topic: &str, code: RDKafkaErrorCode) -> Cause {
        self.metrics.kafka_error(code);
        let state = match code {
            RDKafkaErrorCode::UnknownTopic | RDKafkaErrorCode::UnknownTopicOrPartition => TopicState::Missing,
            RDKafkaErrorCode::TopicAuthorizationFailed => TopicState::Denied,
            RDKafkaErrorCode::MessageSizeTooLarge => {
                self.settings_changed.ring();
                return Cause::Refused;
            }
            RDKafkaErrorCode::InvalidMessageSize
            | RDKafkaErrorCode::InvalidRecord
            | RDKafkaErrorCode::InvalidTimestamp
            | RDKafkaErrorCode::PolicyViolation
            | RDKafkaErrorCode::ClusterAuthorizationFailed => return Cause::Refused,
            _ => return Cause::Unavailable,
        };
        if let Some(topic) = self.topics.find(topic) {
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
                let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Fail);
                tracing::debug!(
                    topic = message.topic(),
                    partition = message.partition(),
                    ?code,
                    "record failed"
                );
                let persistence = match code {
                    // By then it was tried more than once, and not every try may have said what became of it.
                    RDKafkaErrorCode::MessageTimedOut => Persistence::Possibly,
                    _ => Persistence::of(message),
                };
                delivery.report(Some(self.failed(message.topic(), code)), persistence);
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
            self.producer_failed.ring();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_configurations_properties_reach_librdkafka_as_they_are() {
        let settings = r#"
            auth.bearer_tokens = [{ name = "t", token = "t" }]
            [kafka.properties]
            "sasl.password" = "a secret"
            "linger.ms" = "7"
        "#;
        let config = Config::parse(settings, []).unwrap();
        for client in [connection(&config.kafka), client(&config.kafka, &[("linger.ms", "0".into())])] {
            assert_eq!(client.get("sasl.password"), Some("a secret"));
            assert_eq!(client.get("linger.ms"), Some("7"));
        }
    }
}
