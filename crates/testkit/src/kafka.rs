//! A real Apache Kafka without containers, started from its jars, or one that runs already.

mod admin;
mod broker;
mod cluster;
mod jars;
mod metadata;
mod network;
mod ports;
mod properties;
mod records;
mod topics;

use std::env;
use std::io;
use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

pub use admin::Operation;
pub use broker::Broker;
use cluster::{Cluster, Wiring};
pub use jars::fetch_jars;
pub use metadata::Partition;
pub use network::Network;
pub(crate) use ports::free_port;
use records::Reader;
pub use records::Record;
pub use topics::{Topic, Topics};

use crate::wait::holds_within;

/// Names a Kafka that runs already, for [`Kafka::shared`] to use.
const BOOTSTRAP_SERVERS: &str = "KAFKA_BOOTSTRAP_SERVERS";

/// The time in which [`Kafka::records`] must get to the end of its topics.
const READ_TIMEOUT: Duration = Duration::from_mins(1);

/// The time in which a request to change something must be done, also when the cluster has to heal first.
const ADMIN_TIMEOUT: Duration = Duration::from_secs(30);

/// A Kafka to test against.
///
/// One that was started here listens on loopback ports, creates no topics by itself, has 3 replicas and
/// `min.insync.replicas` 2 if it has 3 brokers, and notices a dead broker after 3 s. Its data is deleted with it.
#[derive(Debug)]
pub struct Kafka {
    bootstrap_servers: String,
    /// `None`: it is not ours.
    cluster: Option<Cluster>,
}

impl Kafka {
    /// Starts a cluster of 1 or 3 brokers on free ports and waits until all of them serve.
    ///
    /// # Panics
    ///
    /// When it does not start, with an excerpt of the broker's log, or with what to install.
    pub fn start(brokers: u16) -> Self {
        Self::own(Cluster::start(brokers, Wiring::Direct))
    }

    /// As [`start`](Self::start), on `first_port` and those that follow it.
    pub fn start_on(brokers: u16, first_port: u16) -> Self {
        Self::own(Cluster::start(brokers, Wiring::DirectOn(first_port)))
    }

    /// As [`start`](Self::start), with a proxy in front of each broker and between every two of them. `seed` decides
    /// the jitter of their delays.
    pub fn start_proxied(brokers: u16, seed: u64) -> Self {
        Self::own(Cluster::start(brokers, Wiring::Proxied(seed)))
    }

    /// A Kafka that others run, or librdkafka's mock cluster: for its topics and records.
    pub fn running_at(bootstrap_servers: impl Into<String>) -> Self {
        Self { bootstrap_servers: bootstrap_servers.into(), cluster: None }
    }

    /// The one Kafka of this test process, for every test that does not harm it: the one that the environment
    /// variable `KAFKA_BOOTSTRAP_SERVERS` names, else one broker, started by the first call.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Kafka> = OnceLock::new();
        SHARED.get_or_init(|| match env::var(BOOTSTRAP_SERVERS) {
            Ok(servers) if !servers.is_empty() => Self::running_at(servers),
            _ => Self::start(1),
        })
    }

    fn own(cluster: Cluster) -> Self {
        let addresses: Vec<String> =
            cluster.brokers.iter().map(|broker| broker.address().to_string()).collect();
        Self { bootstrap_servers: addresses.join(","), cluster: Some(cluster) }
    }

    /// `host:port` of every broker, separated by commas.
    pub fn bootstrap_servers(&self) -> &str {
        &self.bootstrap_servers
    }

    /// The proxies of a cluster that was [started](Self::start_proxied) with them.
    ///
    /// # Panics
    ///
    /// When it has none.
    pub fn network(&self) -> &Network {
        let network = self.cluster.as_ref().and_then(|cluster| cluster.network.as_ref());
        network.unwrap_or_else(|| panic!("{} was started without proxies", self.bootstrap_servers))
    }

    /// As [`bootstrap_servers`](Self::bootstrap_servers), through the proxies: whoever connects there gets to know no
    /// other address.
    pub fn proxied_bootstrap_servers(&self) -> String {
        let proxies = self.network().to_brokers().iter();
        proxies.map(|proxy| proxy.address().to_string()).collect::<Vec<_>>().join(",")
    }

    /// The librdkafka properties that a client needs at [`proxied_bootstrap_servers`](Self::proxied_bootstrap_servers):
    /// it has a name there, of which ACLs can speak.
    pub fn proxied_client_properties(&self) -> [(&'static str, &'static str); 4] {
        properties::PROXIED_CLIENT
    }

    /// A broker by its id, counted from 0.
    ///
    /// # Panics
    ///
    /// When there is none of that id, or the Kafka is not ours to harm.
    pub fn broker(&self, id: usize) -> &Broker {
        let brokers = self.brokers();
        assert!(
            !brokers.is_empty(),
            "{} was not started here, so it cannot be harmed",
            self.bootstrap_servers
        );
        brokers.get(id).unwrap_or_else(|| panic!("there is no broker {id}, only 0 to {}", brokers.len() - 1))
    }

    /// All brokers by id; none when the Kafka is not ours.
    pub fn brokers(&self) -> &[Broker] {
        self.cluster.as_ref().map_or(&[], |cluster| &cluster.brokers)
    }

    /// The folder of all brokers' data and logs; `None` when the Kafka is not ours.
    pub fn data_dir(&self) -> Option<&Path> {
        self.cluster.as_ref().map(Cluster::dir)
    }

    /// Creates a topic with a new name that begins with `prefix`.
    pub fn topic(&self, prefix: &str, partitions: u16) -> Topic {
        Topic::create(self, prefix, partitions)
    }

    /// Creates the relay's four topics with new names that begin with `prefix`.
    pub fn topics(&self, prefix: &str, partitions: u16) -> Topics {
        Topics::create(self, prefix, partitions)
    }

    /// Sets one setting of a topic, like `min.insync.replicas`.
    ///
    /// # Panics
    ///
    /// When no running broker does it within half a minute; so do the calls below.
    pub fn set_topic_config(&self, topic: &str, name: &str, value: &str) {
        self.ask("a topic's setting is changed", |broker| {
            admin::set_topic_config(broker, topic, name, value)
        });
    }

    /// Takes an operation on a topic from who connects through the proxies.
    pub fn deny(&self, topic: &str, operation: Operation) {
        self.ask("an ACL is there", |broker| admin::deny(broker, topic, properties::PROXIED_USER, operation));
    }

    /// Gives back what was [denied](Self::deny).
    pub fn allow(&self, topic: &str) {
        self.ask("ACLs are gone", |broker| admin::delete_acls(broker, topic));
    }

    /// The id of the broker that is the cluster's active controller.
    pub fn controller(&self) -> usize {
        self.ask("there is a controller", admin::controller)
    }

    /// Asks the running brokers, one after the other, until one does it.
    fn ask<T>(&self, what: &str, request: impl Fn(&str) -> io::Result<T>) -> T {
        let mut result = Err(io::ErrorKind::NotConnected.into());
        holds_within(ADMIN_TIMEOUT, || {
            for broker in self.running_brokers() {
                if result.is_err() {
                    result = request(&broker);
                }
            }
            result.is_ok()
        });
        result.unwrap_or_else(|error| panic!("waited {ADMIN_TIMEOUT:?} in vain until {what}: {error}"))
    }

    /// Creates a topic of that name, for the test to delete.
    ///
    /// # Panics
    ///
    /// When Kafka does not.
    pub fn create_topic(&self, name: &str, partitions: u16) {
        topics::create(self, &[name.to_owned()], partitions);
    }

    /// Deletes a topic. Panics as [`create_topic`](Self::create_topic) does.
    pub fn delete_topic(&self, name: &str) {
        topics::delete(&self.bootstrap_servers, &[name], ADMIN_TIMEOUT)
            .unwrap_or_else(|error| panic!("cannot delete {name}: {error}"));
    }

    /// The partitions of a topic now, in order; none when no broker knows it.
    pub fn partitions(&self, topic: &str) -> Vec<Partition> {
        metadata::partitions(&self.running_brokers().join(","), topic).unwrap_or_default()
    }

    /// The leader and the in-sync replicas of a partition now; `None` when no broker says.
    pub fn partition(&self, topic: &str, partition: usize) -> Option<Partition> {
        self.partitions(topic).into_iter().nth(partition)
    }

    /// Everything that lies in the topics now, sorted by topic (in the order given), partition and offset.
    ///
    /// # Panics
    ///
    /// When a topic is missing or cannot be read to its end within a minute.
    #[track_caller]
    pub fn records<T: AsRef<str>>(&self, topics: impl IntoIterator<Item = T>) -> Vec<Record> {
        self.wait_for_records(topics, 0, READ_TIMEOUT)
    }

    /// Waits until at least `count` records lie in the topics, and returns everything that lies there then, as
    /// [`records`](Self::records) does: more than `count` where there are more.
    ///
    /// # Panics
    ///
    /// When a topic is missing or there are fewer after `timeout`.
    #[track_caller]
    pub fn wait_for_records<T: AsRef<str>>(
        &self,
        topics: impl IntoIterator<Item = T>,
        count: usize,
        timeout: Duration,
    ) -> Vec<Record> {
        let topics: Vec<String> = topics.into_iter().map(|topic| topic.as_ref().to_owned()).collect();
        let deadline = Instant::now() + timeout;
        let mut reader = Reader::new(&self.bootstrap_servers, topics.clone())
            .unwrap_or_else(|error| panic!("cannot read {topics:?}: {error}"));
        let mut at_end = false;
        let enough = holds_within(timeout, || {
            at_end = reader
                .read_to_end(deadline)
                .unwrap_or_else(|error| panic!("cannot read {topics:?}: {error}"));
            at_end && reader.len() >= count
        });
        let more = if at_end { "" } else { " and some that could not be read" };
        assert!(enough, "after {timeout:?}, {topics:?} hold {} records{more}, not {count}", reader.len());
        reader.into_records()
    }

    /// Addresses to ask one by one; those of brokers that the test took down are left out.
    fn running_brokers(&self) -> Vec<String> {
        let running = self.brokers().iter().filter(|broker| broker.is_running());
        match self.cluster {
            Some(_) => running.map(|broker| broker.address().to_string()).collect(),
            None => vec![self.bootstrap_servers.clone()],
        }
    }
}
