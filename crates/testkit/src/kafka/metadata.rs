//! What the brokers say about themselves and their topics.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaResult;
use rdkafka::metadata::Metadata;

const TIMEOUT: Duration = Duration::from_secs(2);

/// A partition as the cluster's metadata has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// The [id](super::Broker::id) of the leader, or `None` while there is none.
    pub leader: Option<usize>,
    /// The ids of the replicas that are in sync, the leader among them.
    pub in_sync_replicas: Vec<usize>,
}

/// The ids of the brokers that are alive as the one at `address` sees it.
pub(super) fn alive_brokers(address: &str) -> KafkaResult<Vec<usize>> {
    Ok(fetch(address, None)?
        .brokers()
        .iter()
        .filter_map(|broker| usize::try_from(broker.id()).ok())
        .collect())
}

/// The partitions of a topic, in order; none when the topic is not there (yet).
pub(super) fn partitions(bootstrap_servers: &str, topic: &str) -> KafkaResult<Vec<Partition>> {
    let metadata = fetch(bootstrap_servers, Some(topic))?;
    let Some(topic) = metadata.topics().iter().find(|known| known.name() == topic) else {
        return Ok(Vec::new());
    };
    let mut partitions: Vec<_> = topic.partitions().iter().collect();
    partitions.sort_by_key(|partition| partition.id());
    let partitions = partitions.into_iter().map(|partition| Partition {
        leader: usize::try_from(partition.leader()).ok(),
        in_sync_replicas: partition.isr().iter().filter_map(|id| usize::try_from(*id).ok()).collect(),
    });
    Ok(partitions.collect())
}

/// Asks by a new client, so that the answer is from one of `bootstrap_servers` and not from a cache.
fn fetch(bootstrap_servers: &str, topic: Option<&str>) -> KafkaResult<Metadata> {
    let client: BaseConsumer = ClientConfig::new().set("bootstrap.servers", bootstrap_servers).create()?;
    client.fetch_metadata(topic, TIMEOUT)
}
