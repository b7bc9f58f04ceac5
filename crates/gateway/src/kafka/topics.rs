//! The topics of the configuration: which one a channel's messages go to, and what is known of each.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use arc_swap::{ArcSwap, ArcSwapOption};

use super::durability::Settings;
use super::lanes::BrokerId;
use super::native;
use crate::config;

/// A topic of the configuration, by its place in [`Topics`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TopicId(usize);

/// What is known of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum TopicState {
    /// Nothing was heard of it yet.
    Unknown,
    /// It was there when last looked at.
    Present,
    /// Kafka has no such topic.
    Missing,
    /// Kafka does not let us use it.
    Denied,
}

/// Every topic of the configuration.
#[derive(Debug)]
pub(crate) struct Topics {
    /// Sorted by name.
    all: Vec<Topic>,
    channels: HashMap<String, TopicId>,
    default: TopicId,
    dead_letter: TopicId,
}

#[derive(Debug)]
struct Topic {
    name: String,
    state: AtomicU8,
    /// Whether it was present at least once.
    seen: AtomicBool,
    layout: ArcSwap<Layout>,
    settings: ArcSwapOption<Settings>,
    /// Whether its settings were without weakness at least once.
    was_durable: AtomicBool,
}

/// Where a topic lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// The leader of each partition; -1 where there is none.
    pub(super) leaders: Vec<BrokerId>,
    /// The smallest number of replicas that a partition has.
    pub(super) replicas: usize,
}

impl Topics {
    /// The topics of a configuration, about which nothing is known yet.
    pub(crate) fn new(config: &config::Topics) -> Self {
        let names: Vec<&str> = config.names().into_iter().collect();
        let id = |name: &str| TopicId(names.binary_search(&name).unwrap_or_default());
        Self {
            channels: config.channels.iter().map(|(channel, topic)| (channel.clone(), id(topic))).collect(),
            default: id(&config.default),
            dead_letter: id(&config.dead_letter),
            all: names.iter().map(|&name| Topic::new(name)).collect(),
        }
    }

    /// Where the messages of a channel go.
    pub(crate) fn of_channel(&self, channel: &str) -> TopicId {
        self.channels.get(channel).copied().unwrap_or(self.default)
    }

    /// Where invalid messages go.
    pub(crate) fn dead_letter(&self) -> TopicId {
        self.dead_letter
    }

    /// Every topic.
    pub(crate) fn ids(&self) -> impl Iterator<Item = TopicId> + use<> {
        (0..self.all.len()).map(TopicId)
    }

    /// A topic's name.
    pub(crate) fn name(&self, id: TopicId) -> &str {
        &self.all[id.0].name
    }

    /// The topic of this name.
    pub(super) fn find(&self, name: &str) -> Option<TopicId> {
        self.all.binary_search_by(|topic| topic.name.as_str().cmp(name)).ok().map(TopicId)
    }

    /// What is known of a topic.
    pub(crate) fn state(&self, id: TopicId) -> TopicState {
        match self.all[id.0].state.load(Ordering::Relaxed) {
            state if state == TopicState::Present as u8 => TopicState::Present,
            state if state == TopicState::Missing as u8 => TopicState::Missing,
            state if state == TopicState::Denied as u8 => TopicState::Denied,
            _ => TopicState::Unknown,
        }
    }

    /// Whether a topic was present at least once.
    pub(crate) fn seen(&self, id: TopicId) -> bool {
        self.all[id.0].seen.load(Ordering::Relaxed)
    }

    /// What of a topic's settings could lose acknowledged messages; nothing is known before Kafka has told them.
    pub(crate) fn weaknesses(&self, id: TopicId) -> Option<Vec<String>> {
        let topic = &self.all[id.0];
        Some(topic.settings.load().as_ref()?.weaknesses(topic.layout.load().replicas))
    }

    /// Whether a topic's settings were without weakness at least once.
    pub(crate) fn was_durable(&self, id: TopicId) -> bool {
        self.all[id.0].was_durable.load(Ordering::Relaxed)
    }

    /// Partitions of a topic; 0 while that is not known.
    pub(crate) fn partitions(&self, id: TopicId) -> usize {
        self.all[id.0].layout.load().leaders.len()
    }

    /// The broker that leads the partition of a key, as far as is known. A record without a key may go anywhere.
    pub(crate) fn leader_of_key(&self, id: TopicId, key: Option<&[u8]>) -> Option<BrokerId> {
        let layout = self.all[id.0].layout.load();
        let key = key.filter(|_| !layout.leaders.is_empty())?;
        layout.leaders.get(native::partition(key, layout.leaders.len())).copied()
    }

    /// The broker that leads a partition, as far as is known.
    pub(super) fn leader(&self, id: TopicId, partition: i32) -> Option<BrokerId> {
        self.all[id.0].layout.load().leaders.get(usize::try_from(partition).ok()?).copied()
    }

    /// The largest record batch that a topic takes, once Kafka has told.
    pub(super) fn max_message_bytes(&self, id: TopicId) -> Option<usize> {
        self.all[id.0].settings.load().as_ref().map(|settings| settings.max_message_bytes)
    }

    /// Whether every topic was present at least once.
    pub(super) fn all_seen(&self) -> bool {
        self.ids().all(|id| self.seen(id))
    }

    /// Notes what was learnt of a topic; a change is logged once.
    pub(super) fn learn(&self, id: TopicId, state: TopicState) {
        let topic = &self.all[id.0];
        let before = topic.state.swap(state as u8, Ordering::Relaxed);
        if state == TopicState::Present {
            topic.seen.store(true, Ordering::Relaxed);
        }
        if before == state as u8 {
            return;
        }
        let topic = topic.name.as_str();
        match state {
            TopicState::Present => tracing::info!(topic, "topic found"),
            TopicState::Missing => {
                tracing::warn!(
                    topic,
                    "topic is missing: pushes that need it are answered 5033 until it is created"
                );
            }
            TopicState::Denied => {
                tracing::warn!(
                    topic,
                    "topic is denied: pushes that need it are answered 5033 until an ACL allows it"
                );
            }
            TopicState::Unknown => {}
        }
    }

    /// Notes where a topic lies. Another number of partitions moves keys, so that is worth a warning.
    pub(super) fn learn_layout(&self, id: TopicId, layout: Layout) {
        let topic = &self.all[id.0];
        let before = topic.layout.load();
        if **before == layout {
            return;
        }
        let (was, is) = (before.leaders.len(), layout.leaders.len());
        if was != 0 && was != is {
            tracing::warn!(
                topic = topic.name,
                was,
                is,
                "the number of partitions changed: users move to other partitions"
            );
        }
        topic.layout.store(Arc::new(layout));
    }

    /// Notes a topic's settings; weaknesses are logged when the settings change.
    pub(super) fn learn_settings(&self, id: TopicId, settings: Settings) {
        let topic = &self.all[id.0];
        let settings = Some(Arc::new(settings));
        let before = topic.settings.swap(settings.clone());
        let weaknesses = self.weaknesses(id).unwrap_or_default();
        if weaknesses.is_empty() {
            topic.was_durable.store(true, Ordering::Relaxed);
        }
        if before != settings {
            for weakness in &weaknesses {
                tracing::warn!(topic = topic.name, "acknowledged messages can be lost: {weakness}");
            }
        }
    }

    /// The smallest record batch that every topic takes, as far as Kafka has told.
    pub(super) fn smallest_max_message_bytes(&self) -> Option<usize> {
        self.ids().filter_map(|id| self.max_message_bytes(id)).min()
    }
}

impl Topic {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            state: AtomicU8::new(TopicState::Unknown as u8),
            seen: AtomicBool::new(false),
            layout: ArcSwap::default(),
            settings: ArcSwapOption::empty(),
            was_durable: AtomicBool::new(false),
        }
    }
}
