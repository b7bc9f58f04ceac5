//! Whether a topic's settings keep what the relay promises.

use std::collections::HashMap;
use std::time::Duration;

use futures_executor::block_on;
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, OwnedResourceSpecifier, ResourceSpecifier};
use rdkafka::client::DefaultClientContext;

const TIMEOUT: Duration = Duration::from_secs(5);

/// The settings of a topic that matter here, as Kafka tells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    min_insync_replicas: usize,
    unclean_leader_election: bool,
    cleanup_policy: String,
    /// Bytes of a record batch, and so of a record, that the topic takes.
    pub(super) max_message_bytes: usize,
}

impl Settings {
    /// What could lose acknowledged messages, each with the setting to change.
    pub(super) fn weaknesses(&self, replicas: usize) -> Vec<String> {
        let mut weaknesses = Vec::new();
        if replicas < 2 {
            weaknesses
                .push(format!("replication factor {replicas}: the loss of one disk loses messages, use 3"));
        }
        if self.min_insync_replicas < 2 {
            weaknesses.push(format!(
                "min.insync.replicas {}: what one broker alone has is acknowledged, use 2",
                self.min_insync_replicas
            ));
        }
        if self.unclean_leader_election {
            weaknesses.push(
                "unclean.leader.election.enable: a replica that lags may become leader, use false".into(),
            );
        }
        if self.cleanup_policy.contains("compact") {
            weaknesses.push(format!(
                "cleanup.policy {}: only a user's last message would be kept, use delete",
                self.cleanup_policy
            ));
        }
        weaknesses
    }

    fn from_entries(entries: &HashMap<&str, &rdkafka::admin::ConfigEntry>) -> Option<Self> {
        let value = |name: &str| entries.get(name)?.value.as_deref();
        Some(Self {
            min_insync_replicas: value("min.insync.replicas")?.parse().ok()?,
            unclean_leader_election: value("unclean.leader.election.enable")? == "true",
            cleanup_policy: value("cleanup.policy")?.to_owned(),
            max_message_bytes: value("max.message.bytes")?.parse().ok()?,
        })
    }
}

/// Asks Kafka for the settings of topics; those it does not tell are left out. Blocks until it answers.
pub(super) fn describe(client: &ClientConfig, topics: &[&str]) -> anyhow::Result<Vec<(String, Settings)>> {
    let admin: AdminClient<DefaultClientContext> = client.create()?;
    let specifiers: Vec<_> = topics.iter().map(|&topic| ResourceSpecifier::Topic(topic)).collect();
    let options = AdminOptions::new().request_timeout(Some(TIMEOUT));
    let resources = block_on(admin.describe_configs(&specifiers, &options))?;
    let settings = resources.into_iter().flatten().filter_map(|resource| {
        let settings = Settings::from_entries(&resource.entry_map())?;
        match resource.specifier {
            OwnedResourceSpecifier::Topic(name) => Some((name, settings)),
            _ => None,
        }
    });
    Ok(settings.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_that_could_lose_a_message_is_named() {
        let good = Settings {
            min_insync_replicas: 2,
            unclean_leader_election: false,
            cleanup_policy: "delete".into(),
            max_message_bytes: 1_048_588,
        };
        assert_eq!(good.weaknesses(3), Vec::<String>::new());
        let bad = Settings {
            min_insync_replicas: 1,
            unclean_leader_election: true,
            cleanup_policy: "compact,delete".into(),
            max_message_bytes: 1,
        };
        let named = bad.weaknesses(1);
        for setting in [
            "replication factor 1",
            "min.insync.replicas 1",
            "unclean.leader.election",
            "cleanup.policy compact,delete",
        ] {
            assert!(named.iter().any(|text| text.contains(setting)), "{setting}: {named:?}");
        }
        assert_eq!(named.len(), 4);
    }
}
