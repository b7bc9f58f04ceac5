//! Topics of a test's own: new names, little disk, deleted at the end.

use std::ops::Deref;
use std::time::Duration;

use futures_executor::block_on;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::{KafkaError, KafkaResult};

use super::{Kafka, metadata};
use crate::wait::wait_until;

const CREATE_TIMEOUT: Duration = Duration::from_secs(30);
/// Short, as the broker may be one that the test has killed.
const DELETE_TIMEOUT: Duration = Duration::from_secs(2);

/// Per partition. Enough for every test that counts records, little enough for the disk.
const RETENTION_BYTES: &str = "67108864";
const SEGMENT_BYTES: &str = "16777216";

/// A topic under a name that no other test uses; deleted when this is dropped. Stands for its name wherever a
/// `&str` is wanted.
#[derive(Debug)]
pub struct Topic {
    name: String,
    _created: Created,
}

/// The four topics of the relay under names that no other test uses; deleted when this is dropped.
#[derive(Debug)]
pub struct Topics {
    /// For channel WEB.
    pub web: String,
    /// For channel WHATSAPP.
    pub whatsapp: String,
    /// For every other channel.
    pub other: String,
    /// For messages that break a rule.
    pub dead_letter: String,
    _created: Created,
}

impl Topics {
    pub(super) fn create(kafka: &Kafka, prefix: &str, partitions: u16) -> Self {
        let prefixes = ["web", "whatsapp", "other", "dead-letter"].map(|kind| format!("{prefix}.{kind}"));
        let names = unique(prefixes);
        let created = Created::new(kafka, &names, partitions);
        let [web, whatsapp, other, dead_letter] = names;
        Self { web, whatsapp, other, dead_letter, _created: created }
    }

    /// All four, in the order of the fields.
    pub fn names(&self) -> [&str; 4] {
        [&self.web, &self.whatsapp, &self.other, &self.dead_letter]
    }
}

impl Topic {
    pub(super) fn create(kafka: &Kafka, prefix: &str, partitions: u16) -> Self {
        let [name] = unique([prefix.to_owned()]);
        let created = Created::new(kafka, std::slice::from_ref(&name), partitions);
        Self { name, _created: created }
    }
}

impl Deref for Topic {
    type Target = str;

    fn deref(&self) -> &str {
        &self.name
    }
}

impl AsRef<str> for Topic {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

/// Topics that are deleted, all at once, when this is dropped.
#[derive(Debug)]
struct Created {
    names: Vec<String>,
    bootstrap_servers: String,
}

impl Created {
    fn new(kafka: &Kafka, names: &[String], partitions: u16) -> Self {
        create(kafka, names, partitions);
        Self { names: names.to_vec(), bootstrap_servers: kafka.bootstrap_servers().to_owned() }
    }
}

impl Drop for Created {
    fn drop(&mut self) {
        // Best effort: what is left is small, and goes with a Kafka of this process.
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let _ = delete(&self.bootstrap_servers, &names, DELETE_TIMEOUT);
    }
}

/// Creates the topics and waits until every running broker knows their leaders, so that no client is told that one is
/// missing.
pub(super) fn create(kafka: &Kafka, names: &[String], partitions: u16) {
    let new: Vec<_> = names.iter().map(|name| new_topic(name, partitions)).collect();
    let options = AdminOptions::new().request_timeout(Some(CREATE_TIMEOUT));
    let results = admin(kafka.bootstrap_servers())
        .and_then(|admin| block_on(admin.create_topics(&new, &options)))
        .unwrap_or_else(|error| panic!("cannot create {names:?}: {error}"));
    for result in results {
        result.unwrap_or_else(|(topic, error)| panic!("cannot create {topic}: {error}"));
    }
    for broker in kafka.running_brokers() {
        for topic in names {
            wait_until(CREATE_TIMEOUT, &format!("{broker} knows the leaders of {topic}"), || {
                metadata::partitions(&broker, topic).is_ok_and(|known| {
                    let led = known.iter().filter(|partition| partition.leader.is_some());
                    led.count() == usize::from(partitions)
                })
            });
        }
    }
}

/// Deletes topics, all at once.
pub(super) fn delete(bootstrap_servers: &str, names: &[&str], timeout: Duration) -> KafkaResult<()> {
    let options = AdminOptions::new().request_timeout(Some(timeout));
    for result in block_on(admin(bootstrap_servers)?.delete_topics(names, &options))? {
        result.map_err(|(_, code)| KafkaError::AdminOp(code))?;
    }
    Ok(())
}

fn unique<const N: usize>(prefixes: [String; N]) -> [String; N] {
    let suffix = rand::random::<u64>();
    prefixes.map(|prefix| format!("{prefix}-{suffix:016x}"))
}

/// With as many replicas as the broker gives by default.
fn new_topic(name: &str, partitions: u16) -> NewTopic<'_> {
    NewTopic::new(name, i32::from(partitions), TopicReplication::Fixed(-1))
        .set("retention.bytes", RETENTION_BYTES)
        .set("segment.bytes", SEGMENT_BYTES)
}

fn admin(bootstrap_servers: &str) -> KafkaResult<AdminClient<DefaultClientContext>> {
    ClientConfig::new().set("bootstrap.servers", bootstrap_servers).create()
}
