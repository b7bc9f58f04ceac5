//! A producer for these tests.

use std::time::Duration;

use futures_executor::block_on;
use rdkafka::ClientConfig;
use rdkafka::error::KafkaResult;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};

/// Sends one record with `acks=all`, which must be acknowledged within `timeout`. It has two headers of one name.
pub(crate) fn produce(
    bootstrap_servers: &str,
    topic: &str,
    key: &str,
    value: &str,
    timeout: Duration,
) -> KafkaResult<()> {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bootstrap_servers);
    produce_with(config, topic, key, value, timeout)
}

/// As [`produce`], by a client of further properties.
pub(crate) fn produce_with(
    mut config: ClientConfig,
    topic: &str,
    key: &str,
    value: &str,
    timeout: Duration,
) -> KafkaResult<()> {
    let producer: FutureProducer =
        config.set("acks", "all").set("message.timeout.ms", timeout.as_millis().to_string()).create()?;
    let headers = OwnedHeaders::new()
        .insert(Header { key: "first", value: Some("1") })
        .insert(Header { key: "first", value: Some("2") });
    let record = FutureRecord::to(topic).key(key).payload(value).headers(headers);
    block_on(producer.send(record, timeout)).map(drop).map_err(|(error, _)| error)
}
