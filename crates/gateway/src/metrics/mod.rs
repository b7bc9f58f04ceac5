//! The metrics of `/metrics`, each with its help text in one place. Base units, bounded labels.

mod registrar;

use std::time::Duration;

use aicc_schema::{ResultCode, labels};
use prometheus::process_collector::ProcessCollector;
use prometheus::{
    Encoder, Gauge, Histogram, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Registry, TextEncoder,
};
use rdkafka::types::RDKafkaErrorCode;
use registrar::Registrar;

/// Resolves 1 ms to 10 s.
const SECONDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
const MESSAGES: [f64; 10] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];

/// What became of one message of an acknowledged push.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MessageResult {
    Published,
    DeadLetter,
}

/// A topic at one moment.
pub(crate) struct TopicGauges<'a> {
    pub(crate) name: &'a str,
    pub(crate) partitions: usize,
    /// None: Kafka has not told its settings.
    pub(crate) durable: Option<bool>,
}

/// What is true of one moment.
pub(crate) struct Gauges<'a> {
    pub(crate) topics: Vec<TopicGauges<'a>>,
    pub(crate) inflight_messages: usize,
    pub(crate) inflight_bytes: usize,
    pub(crate) kafka_queue_messages: usize,
    pub(crate) dedup_window: Duration,
}

/// Every metric of the service.
pub(crate) struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    request_duration: Histogram,
    batch_messages: Histogram,
    messages: IntCounterVec,
    publish_duration: Histogram,
    inflight_messages: IntGauge,
    inflight_bytes: IntGauge,
    auth_failures: IntCounterVec,
    dead_letters: IntCounterVec,
    dedup_hits: IntCounter,
    dedup_window: Gauge,
    kafka_errors: IntCounterVec,
    kafka_broker_up: IntGaugeVec,
    kafka_queue_messages: IntGauge,
    topic_partitions: IntGaugeVec,
    topic_durable: IntGaugeVec,
}

impl Metrics {
    /// Registers every metric with a registry of its own.
    pub(crate) fn new() -> Result<Self, prometheus::Error> {
        let make = Registrar(Registry::new());
        make.info("build_info", ("version", env!("CARGO_PKG_VERSION")), "Always 1; which version runs.")?;
        make.0.register(Box::new(ProcessCollector::for_self()))?;
        Ok(Self {
            requests: make.counters(
                "requests_total",
                &["status", "result_code"],
                "Answers on the public listener, by HTTP status and resultCode.",
            )?,
            request_duration: make.histogram(
                "request_duration_seconds",
                &SECONDS,
                "Time from a request's head to its answer.",
            )?,
            batch_messages: make.histogram(
                "batch_messages",
                &MESSAGES,
                "Messages of a push that was handed to the producer.",
            )?,
            messages: make.counters(
                "messages_total",
                &["channel", "control_type", "result"],
                "Messages of acknowledged pushes, by channel, control type and result.",
            )?,
            publish_duration: make.histogram(
                "publish_duration_seconds",
                &SECONDS,
                "Time from handing a batch to the producer to its outcome.",
            )?,
            inflight_messages: make.gauge(
                "inflight_messages",
                "Messages that wait for Kafka; at limits.inflight_messages pushes are answered 5030.",
            )?,
            inflight_bytes: make.gauge(
                "inflight_bytes",
                "Bytes of bodies that are held; at limits.inflight_bytes pushes are answered 5030.",
            )?,
            auth_failures: make.counters(
                "auth_failures_total",
                &["reason"],
                "Requests that were not authenticated, by reason.",
            )?,
            dead_letters: make.counters(
                "dead_letters_total",
                &["reason"],
                "Messages that went to the dead-letter topic, by the rule they broke.",
            )?,
            dedup_hits: make.counter(
                "dedup_hits_total",
                "Pushes that an earlier push had published already, or was publishing.",
            )?,
            dedup_window: make.seconds_gauge(
                "dedup_window_seconds",
                "Age of the oldest remembered push: how far back repetitions are noticed.",
            )?,
            kafka_errors: make.counters(
                "kafka_errors_total",
                &["code"],
                "Errors that librdkafka reported, of records and of connections, by its code.",
            )?,
            kafka_broker_up: make.gauges(
                "kafka_broker_up",
                "broker",
                "1 where the connection to a broker stands, by its node id; only brokers that were needed.",
            )?,
            kafka_queue_messages: make.gauge(
                "kafka_queue_messages",
                "Records that were handed to the producer and are not reported yet.",
            )?,
            topic_partitions: make.gauges(
                "kafka_topic_partitions",
                "topic",
                "Partitions of a topic; a change moves users to other partitions.",
            )?,
            topic_durable: make.gauges(
                "kafka_topic_durable",
                "topic",
                "1 where a topic's replicas and settings keep what is acknowledged, else 0.",
            )?,
            registry: make.0,
        })
    }

    /// An answer was given.
    pub(crate) fn answered(&self, code: ResultCode, seconds: f64) {
        self.requests.with_label_values(&[&code.http_status().to_string(), code.as_str()]).inc();
        self.request_duration.observe(seconds);
    }

    /// A batch got its outcome.
    pub(crate) fn published(&self, messages: usize, seconds: f64) {
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        self.batch_messages.observe(messages as f64);
        self.publish_duration.observe(seconds);
    }

    /// A message of an acknowledged push.
    pub(crate) fn message(&self, channel: &str, control_type: &str, result: MessageResult) {
        let result = match result {
            MessageResult::Published => "published",
            MessageResult::DeadLetter => "dead_letter",
        };
        let channel = labels::known_channel(channel).unwrap_or(labels::OTHER);
        let control_type = labels::known_control_type(control_type).unwrap_or(labels::OTHER);
        self.messages.with_label_values(&[channel, control_type, result]).inc();
    }

    /// A push was a repetition.
    pub(crate) fn repeated(&self) {
        self.dedup_hits.inc();
    }

    /// A message broke a rule.
    pub(crate) fn dead_letter(&self, reason: &str) {
        self.dead_letters.with_label_values(&[reason]).inc();
    }

    /// A request was not authenticated.
    pub(crate) fn auth_failure(&self, reason: &str) {
        self.auth_failures.with_label_values(&[reason]).inc();
    }

    /// librdkafka reported an error.
    pub(crate) fn kafka_error(&self, code: RDKafkaErrorCode) {
        self.kafka_errors.with_label_values(&[&format!("{code:?}")]).inc();
    }

    /// Whether a broker's connection stands.
    pub(crate) fn kafka_broker(&self, id: i32, up: bool) {
        self.kafka_broker_up.with_label_values(&[id.to_string()]).set(i64::from(up));
    }

    /// What is true of this moment, set before each scrape.
    pub(crate) fn set_gauges(&self, now: &Gauges<'_>) {
        let as_gauge = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
        self.inflight_messages.set(as_gauge(now.inflight_messages));
        self.inflight_bytes.set(as_gauge(now.inflight_bytes));
        self.kafka_queue_messages.set(as_gauge(now.kafka_queue_messages));
        self.dedup_window.set(now.dedup_window.as_secs_f64());
        for topic in &now.topics {
            self.topic_partitions.with_label_values(&[topic.name]).set(as_gauge(topic.partitions));
            if let Some(durable) = topic.durable {
                self.topic_durable.with_label_values(&[topic.name]).set(i64::from(durable));
            }
        }
    }

    /// Prometheus' text format.
    pub(crate) fn render(&self) -> Result<Vec<u8>, prometheus::Error> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}
