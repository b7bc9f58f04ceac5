//! `[kafka]`: the cluster, and librdkafka's own properties.

use std::path::PathBuf;
use std::time::Duration;

use rdkafka::ClientConfig;

use super::auth::files;
use super::section::Section;

/// Bytes that Kafka's framing may add to a message's key, value and headers.
pub(crate) const RECORD_OVERHEAD: usize = 1024;

/// Properties that carry the promise that what was acknowledged is durable, once, in order, or that the service needs
/// for keeping it: its own limits bound the queue, and the statistics tell it who is alive. `*` ends a prefix.
const OWN: [&str; 18] = [
    "acks",
    "request.required.acks",
    "enable.idempotence",
    "enable.gapless.guarantee",
    "transactional.id",
    "partitioner",
    "retries",
    "message.send.max.retries",
    "max.in.flight*",
    "message.timeout.ms",
    "delivery.timeout.ms",
    "delivery.report.only.error",
    "queue.buffering.max.messages",
    "queue.buffering.max.kbytes",
    "statistics.interval.ms",
    "allow.auto.create.topics",
    "queuing.strategy",
    "test.mock*",
];

/// `[kafka]`
#[derive(Clone)]
pub struct Kafka {
    /// Where the cluster is first looked for.
    pub bootstrap_servers: String,
    /// How long a push waits for its acknowledgement.
    pub publish_timeout: Duration,
    /// librdkafka properties by name; values may be secrets.
    pub properties: Vec<(String, String)>,
}

impl std::fmt::Debug for Kafka {
    /// Names the properties, without their values.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Kafka")
            .field("bootstrap_servers", &self.bootstrap_servers)
            .field("publish_timeout", &self.publish_timeout)
            .field("properties", &self.properties.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .finish()
    }
}

impl Kafka {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let mut kafka = Self {
            bootstrap_servers: section.get("bootstrap_servers"),
            publish_timeout: section.get("publish_timeout"),
            properties: section.section("properties").entries(),
        };
        if kafka.bootstrap_servers.trim().is_empty() {
            section.problem("bootstrap_servers", "must name at least one host:port");
        }
        if section.sound() && kafka.publish_timeout < Duration::from_millis(100) {
            section.problem("publish_timeout", "must be at least 100ms");
        }
        if let Some(directory) = section.optional::<PathBuf>("properties_dir") {
            match files(&directory) {
                Ok(files) => kafka.properties.extend(
                    files
                        .into_iter()
                        .map(|(name, text)| (name, text.trim_end_matches(['\r', '\n']).to_owned())),
                ),
                Err(error) => section
                    .problem("properties_dir", format!("{} cannot be read: {error}", directory.display())),
            }
        }
        for (name, value) in &kafka.properties {
            if let Some(problem) = property_problem(name, value) {
                section.problem(&format!("properties.{name:?}"), problem);
            }
        }
        section.finish();
        kafka
    }

    /// The largest record that the producer would take, if the configuration says so.
    pub(super) fn message_max_bytes(&self) -> Option<usize> {
        self.properties.iter().find(|(name, _)| name == "message.max.bytes")?.1.parse().ok()
    }
}

/// What is wrong with a property. The value is never repeated: it may be a password.
fn property_problem(name: &str, value: &str) -> Option<&'static str> {
    // librdkafka takes a topic's property with and without this prefix.
    let name = name.strip_prefix("topic.").unwrap_or(name);
    let matches = |own: &str| own.strip_suffix('*').map_or(name == own, |prefix| name.starts_with(prefix));
    if OWN.iter().any(|own| matches(own)) {
        return Some("carries the promise that what is acknowledged is durable, and cannot be set");
    }
    if name == "bootstrap.servers" || name == "metadata.broker.list" {
        return Some("set kafka.bootstrap_servers instead");
    }
    // librdkafka knows best. Building a configuration of this one property checks it without connecting.
    ClientConfig::new().set(name, value).create_native_config().err().map(|error| match error {
        rdkafka::error::KafkaError::ClientConfig(
            rdkafka::types::RDKafkaConfRes::RD_KAFKA_CONF_UNKNOWN,
            ..,
        ) => "is not a property that librdkafka knows",
        _ => "has a value that librdkafka does not take",
    })
}
