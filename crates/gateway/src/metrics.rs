//! The metrics of `/metrics`, each with its help text in one place. Base units, bounded labels.

use std::time::Duration;

use aicc_schema::{ResultCode, labels};
use prometheus::{
    Encoder, Gauge, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
    TextEncoder,
};
use rdkafka::types::RDKafkaErrorCode;

/// Resolves 1 ms to 10 s.
const SECONDS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
const MESSAGES: [f64; 10] = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0];

/// What became of one message of an acknowledged push.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MessageResult {
    Published,
    DeadLetter,
}

/// What is true of one moment.
pub(crate) struct Gauges {
    pub(crate) inflight_messages: usize,
    pub(crate) inflight_bytes: usize,
    pub(crate) kafka_queue_messages: usize,
    pub(crate) dedup_window: Duration,
}

/// Every metric of the service.
pub struct Metrics {
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
    kafka_queue_messages: IntGauge,
}

impl Metrics {
    /// Registers every metric with a registry of its own.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let metric = IntCounterVec::new(opts(name, help), labels)?;
            registry.register(Box::new(metric.clone())).map(|()| metric)
        };
        let gauge = |name: &str, help: &str| {
            let metric = IntGauge::with_opts(opts(name, help))?;
            registry.register(Box::new(metric.clone())).map(|()| metric)
        };
        let histogram = |name: &str, help: &str, buckets: &[f64]| {
            let opts = HistogramOpts { common_opts: opts(name, help), buckets: buckets.to_vec() };
            let metric = Histogram::with_opts(opts)?;
            registry.register(Box::new(metric.clone())).map(|()| metric)
        };
        let hits = IntCounter::with_opts(opts(
            "dedup_hits_total",
            "Pushes that an earlier push had published already.",
        ))?;
        registry.register(Box::new(hits.clone()))?;
        let window = Gauge::with_opts(opts(
            "dedup_window_seconds",
            "Age of the oldest remembered push: how far back repetitions are noticed.",
        ))?;
        registry.register(Box::new(window.clone()))?;
        let build_info = IntGauge::with_opts(
            opts("build_info", "Always 1; which version runs.")
                .const_label("version", env!("CARGO_PKG_VERSION")),
        )?;
        build_info.set(1);
        registry.register(Box::new(build_info))?;
        registry.register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))?;
        Ok(Self {
            requests: counter(
                "requests_total",
                "Answers on the public listener, by HTTP status and resultCode.",
                &["status", "result_code"],
            )?,
            request_duration: histogram(
                "request_duration_seconds",
                "Time from a request's head to its answer.",
                &SECONDS,
            )?,
            batch_messages: histogram("batch_messages", "Messages of a push that was published.", &MESSAGES)?,
            messages: counter(
                "messages_total",
                "Messages of acknowledged pushes, by channel, control type and result.",
                &["channel", "control_type", "result"],
            )?,
            publish_duration: histogram(
                "publish_duration_seconds",
                "Time from handing a batch to the producer to its outcome.",
                &SECONDS,
            )?,
            inflight_messages: gauge(
                "inflight_messages",
                "Messages that wait for Kafka; at limits.inflight_messages pushes are answered 5030.",
            )?,
            inflight_bytes: gauge(
                "inflight_bytes",
                "Bytes of bodies that are held; at limits.inflight_bytes pushes are answered 5030.",
            )?,
            auth_failures: counter(
                "auth_failures_total",
                "Requests that were not authenticated, by reason.",
                &["reason"],
            )?,
            dedup_hits: hits,
            dedup_window: window,
            dead_letters: counter(
                "dead_letters_total",
                "Messages that went to the dead-letter topic, by the rule they broke.",
                &["reason"],
            )?,
            kafka_errors: counter(
                "kafka_errors_total",
                "Errors that librdkafka reported, of records and of connections, by its code.",
                &["code"],
            )?,
            kafka_queue_messages: gauge(
                "kafka_queue_messages",
                "Records that were handed to the producer and are not reported yet.",
            )?,
            registry,
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

    /// What is true of this moment, set before each scrape.
    pub(crate) fn set_gauges(&self, now: &Gauges) {
        let as_gauge = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
        self.inflight_messages.set(as_gauge(now.inflight_messages));
        self.inflight_bytes.set(as_gauge(now.inflight_bytes));
        self.kafka_queue_messages.set(as_gauge(now.kafka_queue_messages));
        self.dedup_window.set(now.dedup_window.as_secs_f64());
    }

    /// Prometheus' text format.
    pub(crate) fn render(&self) -> Result<Vec<u8>, prometheus::Error> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}

fn opts(name: &str, help: &str) -> Opts {
    Opts::new(name, help).namespace("aicc_gateway")
}
