//! Topics that tests create, look at and delete themselves.

use std::time::Duration;

use aicc_testkit::{Kafka, wait_until};
use rdkafka::ClientConfig;
use rdkafka::admin::{
    AdminClient, AdminOptions, ConfigSource, NewTopic, ResourceSpecifier, TopicReplication,
};
use rdkafka::client::DefaultClientContext;

const TIMEOUT: Duration = Duration::from_secs(30);

/// A name that no other test uses.
pub(crate) fn unique(prefix: &str) -> String {
    format!("{prefix}-{:016x}", rand::random::<u64>())
}

/// Creates a topic with as many replicas as the broker gives by default.
pub(crate) fn create_topic(kafka: &Kafka, name: &str, partitions: u16) {
    let topic = NewTopic::new(name, i32::from(partitions), TopicReplication::Fixed(-1));
    let created = block_on(admin(kafka).create_topics([&topic], &AdminOptions::new())).unwrap();
    created.into_iter().for_each(|result| assert!(result.is_ok(), "{result:?}"));
}

/// Deletes topics and waits until Kafka no longer knows them.
pub(crate) fn delete_topics(kafka: &Kafka, names: &[&str]) {
    block_on(admin(kafka).delete_topics(names, &AdminOptions::new())).unwrap();
    for name in names {
        wait_until(TIMEOUT, "the topic is gone", || kafka.partition(name, 0).is_none());
    }
}

/// A setting of the topic itself, not one that it has from its broker.
pub(crate) fn own_setting(kafka: &Kafka, topic: &str, name: &str) -> Option<String> {
    let resource = [ResourceSpecifier::Topic(topic)];
    let described = block_on(admin(kafka).describe_configs(&resource, &AdminOptions::new())).unwrap();
    let settings = described.into_iter().next().unwrap().unwrap();
    let setting = settings.get(name)?;
    (setting.source == ConfigSource::DynamicTopic).then(|| setting.value.clone())?
}

fn admin(kafka: &Kafka) -> AdminClient<DefaultClientContext> {
    ClientConfig::new().set("bootstrap.servers", kafka.bootstrap_servers()).create().unwrap()
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
