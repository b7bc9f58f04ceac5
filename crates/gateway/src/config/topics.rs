//! `[topics]`: which topic a channel's messages go to, and how missing topics are created.

use std::collections::{BTreeMap, BTreeSet};

use super::section::Section;

/// `[topics]`
#[derive(Clone, Debug)]
pub struct Topics {
    /// For every channel that is not in `channels`.
    pub default: String,
    /// For messages that break a rule.
    pub dead_letter: String,
    /// Topic by exact channel.
    pub channels: BTreeMap<String, String>,
    /// Create missing topics when starting.
    pub create: bool,
    /// Partitions of a created topic.
    pub partitions: i32,
    /// Replicas of a created topic; the brokers' default if absent.
    pub replication_factor: Option<i32>,
    /// `min.insync.replicas` of a created topic; the brokers' default if absent.
    pub min_insync_replicas: Option<i32>,
    /// Not ready before every topic's settings keep what is acknowledged.
    pub require_durable: bool,
}

impl Topics {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let topics = Self {
            default: section.get("default"),
            dead_letter: section.get("dead_letter"),
            channels: section.section("channels").entries().into_iter().collect(),
            create: section.get("create"),
            partitions: count(&mut section, "partitions").unwrap_or(1),
            replication_factor: count(&mut section, "replication_factor"),
            min_insync_replicas: count(&mut section, "min_insync_replicas"),
            require_durable: section.get("require_durable"),
        };
        topics.check(&section);
        section.finish();
        topics
    }

    /// Every topic of the configuration, each once.
    pub fn names(&self) -> BTreeSet<&str> {
        self.channels.values().chain([&self.default, &self.dead_letter]).map(String::as_str).collect()
    }

    fn check(&self, section: &Section<'_>) {
        let channels = self.channels.iter().map(|(channel, topic)| (format!("channels.{channel}"), topic));
        let fixed = [("default".to_owned(), &self.default), ("dead_letter".to_owned(), &self.dead_letter)];
        for (key, topic) in channels.chain(fixed) {
            if !is_topic_name(topic) {
                section.problem(&key, "must be a topic's name: 1 to 249 of A-Z a-z 0-9 . _ -");
            } else if key != "dead_letter" && *topic == self.dead_letter {
                section.problem(
                    &key,
                    "must not be the dead-letter topic: its consumers could not tell them apart",
                );
            }
        }
        if let (Some(replicas), Some(in_sync)) = (self.replication_factor, self.min_insync_replicas)
            && in_sync > replicas
        {
            section.problem(
                "min_insync_replicas",
                "must not be more than replication_factor: nothing could be written",
            );
        }
    }
}

/// What Kafka takes as a topic's name.
fn is_topic_name(name: &str) -> bool {
    (1..=249).contains(&name.len())
        && name != "."
        && name != ".."
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

fn count(section: &mut Section<'_>, key: &'static str) -> Option<i32> {
    let value = section.optional::<usize>(key)?;
    let count = i32::try_from(value).ok().filter(|count| (1..=100_000).contains(count));
    if count.is_none() {
        section.problem(key, "must be from 1 to 100000");
    }
    count
}
