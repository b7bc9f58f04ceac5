//! Creates topics.

use std::time::Duration;

use futures_executor::block_on;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::types::RDKafkaErrorCode;

use crate::config;

const TIMEOUT: Duration = Duration::from_secs(10);

/// Creates topics as `[topics]` says.
pub(crate) struct Creator {
    client: ClientConfig,
    partitions: i32,
    replication_factor: i32,
    min_insync_replicas: Option<String>,
}

impl Creator {
    /// A creator for the cluster that `client` connects to.
    pub(crate) fn new(client: ClientConfig, topics: &config::Topics) -> Self {
        Self {
            client,
            partitions: topics.partitions,
            // -1: the brokers' default.
            replication_factor: topics.replication_factor.unwrap_or(-1),
            min_insync_replicas: topics.min_insync_replicas.map(|replicas| replicas.to_string()),
        }
    }

    /// Creates one topic; says in the log what came of it. Blocks until Kafka answers.
    pub(crate) fn create(&self, name: &str) {
        match self.try_create(name) {
            Ok(Ok(_)) => tracing::info!(topic = name, partitions = self.partitions, "topic created"),
            // Another replica of this service was faster.
            Ok(Err((_, RDKafkaErrorCode::TopicAlreadyExists))) => {}
            Ok(Err((_, code))) => tracing::error!(topic = name, %code, "topic cannot be created"),
            Err(error) => tracing::error!(topic = name, %error, "topic cannot be created"),
        }
    }

    fn try_create(&self, name: &str) -> anyhow::Result<rdkafka::admin::TopicResult> {
        let admin: AdminClient<DefaultClientContext> = self.client.create()?;
        let mut topic =
            NewTopic::new(name, self.partitions, TopicReplication::Fixed(self.replication_factor));
        if let Some(replicas) = &self.min_insync_replicas {
            topic = topic.set("min.insync.replicas", replicas);
        }
        let options = AdminOptions::new().operation_timeout(Some(TIMEOUT)).request_timeout(Some(TIMEOUT));
        let results = block_on(admin.create_topics([&topic], &options))?;
        results.into_iter().next().ok_or_else(|| anyhow::anyhow!("Kafka gave no answer for the topic"))
    }
}
