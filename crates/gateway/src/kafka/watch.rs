//! The thread that looks after Kafka: at the topics (all of them when starting, then one after the other, and every
//! second those that are bad), and at the producer, which it replaces when it fails for good.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rdkafka::metadata::MetadataPartition;
use rdkafka::producer::Producer as _;
use rdkafka::types::RDKafkaRespErr;

use super::create::Creator;
use super::health::Health;
use super::producers::{Bell, Producers};
use super::topics::{Layout, TopicId, TopicState, Topics};

const INTERVAL: Duration = Duration::from_secs(1);
/// After a probe that was not answered: the end of an outage, and its becoming known, should not wait for a timer.
const INTERVAL_IN_SILENCE: Duration = Duration::from_millis(200);
const PROBE_TIMEOUT: Duration = Duration::from_secs(1);
const STOP_TIMEOUT: Duration = Duration::from_millis(200);

/// The watching thread; stops when dropped.
pub(super) struct Watch {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread looks at, and with what.
pub(super) struct Watched {
    pub(super) producers: Arc<Producers>,
    pub(super) bell: Arc<Bell>,
    pub(super) topics: Arc<Topics>,
    pub(super) health: Arc<Health>,
    /// Creates missing topics, where the configuration asks for it.
    pub(super) creator: Option<Creator>,
}

impl Watch {
    pub(super) fn start(watched: Watched) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = thread::Builder::new().name("kafka-watch".into()).spawn(move || {
            watched.bell.wakes(thread::current());
            let mut turn = 0;
            while !stopped.load(Ordering::Relaxed) {
                let answered = watched.look(turn, &stopped);
                watched.health.check();
                watched.producers.heal();
                turn += 1;
                thread::park_timeout(if answered { INTERVAL } else { INTERVAL_IN_SILENCE });
            }
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Watch {
    /// Waits for the thread, unless it waits for Kafka itself: then it ends by itself soon after.
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let Some(thread) = self.thread.take() else { return };
        thread.thread().unpark();
        let deadline = Instant::now() + STOP_TIMEOUT;
        while !thread.is_finished() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Watched {
    /// Probes every topic that is not known to be there, and one that is: also the sign of life of an idle cluster.
    /// False as soon as Kafka does not answer.
    fn look(&self, turn: usize, stopped: &AtomicBool) -> bool {
        let ids: Vec<TopicId> = self.topics.ids().collect();
        let due = ids[turn % ids.len()];
        for id in ids {
            if id != due && self.topics.state(id) == TopicState::Present {
                continue;
            }
            if stopped.load(Ordering::Relaxed) || !self.probe(id) {
                return false;
            }
        }
        true
    }

    /// Asks for one topic's metadata; false where Kafka did not answer.
    fn probe(&self, id: TopicId) -> bool {
        let name = self.topics.name(id);
        let metadata = match self.producers.current().client().fetch_metadata(Some(name), PROBE_TIMEOUT) {
            Ok(metadata) => metadata,
            Err(error) => {
                tracing::debug!(topic = name, %error, "metadata is not to be had");
                return false;
            }
        };
        self.health.heard();
        let Some(topic) = metadata.topics().iter().find(|topic| topic.name() == name) else { return true };
        let state = match topic.error() {
            None if topic.partitions().is_empty() => TopicState::Missing,
            None => TopicState::Present,
            Some(
                RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART
                | RDKafkaRespErr::RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC
                | RDKafkaRespErr::RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
            ) => TopicState::Missing,
            Some(RDKafkaRespErr::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) => TopicState::Denied,
            // For example no leader yet: passing.
            Some(_) => return true,
        };
        if state == TopicState::Present {
            let partitions = topic.partitions();
            self.topics.learn_layout(
                id,
                Layout {
                    leaders: partitions.iter().map(MetadataPartition::leader).collect(),
                    replicas: partitions
                        .iter()
                        .map(|partition| partition.replicas().len())
                        .min()
                        .unwrap_or(0),
                },
            );
        }
        self.topics.learn(id, state);
        if state == TopicState::Missing
            && !self.topics.seen(id)
            && let Some(creator) = &self.creator
        {
            creator.create(name);
        }
        true
    }
}
