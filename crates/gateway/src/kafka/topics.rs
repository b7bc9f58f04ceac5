//! The topics of the configuration: which one a channel's messages go to, and what is known of each.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use crate::config;

/// A topic of the configuration, by its place in [`Topics`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicId(usize);

/// What is known of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum TopicState {
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
pub struct Topics {
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
}

impl Topics {
    /// The topics of a configuration, about which nothing is known yet.
    pub fn new(config: &config::Topics) -> Self {
        let names: Vec<&str> = config.names().into_iter().collect();
        let id = |name: &str| TopicId(names.binary_search(&name).unwrap_or_default());
        Self {
            channels: config.channels.iter().map(|(channel, topic)| (channel.clone(), id(topic))).collect(),
            default: id(&config.default),
            dead_letter: id(&config.dead_letter),
            all: names
                .iter()
                .map(|&name| Topic {
                    name: name.to_owned(),
                    state: AtomicU8::new(TopicState::Unknown as u8),
                    seen: AtomicBool::new(false),
                })
                .collect(),
        }
    }

    /// Where the messages of a channel go.
    pub fn of_channel(&self, channel: &str) -> TopicId {
        self.channels.get(channel).copied().unwrap_or(self.default)
    }

    /// Where invalid messages go.
    pub fn dead_letter(&self) -> TopicId {
        self.dead_letter
    }

    /// Every topic.
    pub fn ids(&self) -> impl Iterator<Item = TopicId> + use<> {
        (0..self.all.len()).map(TopicId)
    }

    /// A topic's name.
    pub fn name(&self, id: TopicId) -> &str {
        &self.all[id.0].name
    }

    /// What is known of a topic.
    pub fn state(&self, id: TopicId) -> TopicState {
        match self.all[id.0].state.load(Ordering::Relaxed) {
            state if state == TopicState::Present as u8 => TopicState::Present,
            state if state == TopicState::Missing as u8 => TopicState::Missing,
            state if state == TopicState::Denied as u8 => TopicState::Denied,
            _ => TopicState::Unknown,
        }
    }

    /// Whether a topic was present at least once.
    pub fn seen(&self, id: TopicId) -> bool {
        self.all[id.0].seen.load(Ordering::Relaxed)
    }

    /// The names of the topics that were never present: what readiness waits for.
    pub fn never_seen(&self) -> Vec<&str> {
        self.ids().filter(|&id| !self.seen(id)).map(|id| self.name(id)).collect()
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

    /// Like [`Self::learn`], by name.
    pub(super) fn learn_by_name(&self, name: &str, state: TopicState) {
        if let Some(id) = self.ids().find(|&id| self.name(id) == name) {
            self.learn(id, state);
        }
    }
}
