//! The nodes of a Kafka that was started here, and the folder that holds their data.

use std::path::Path;
use std::{panic, thread};

use super::broker::{Broker, NotReady, wait_ready};
use super::jars;
use super::ports::free_port;
use super::properties::Ports;
use crate::process::GuardedDir;

/// Somebody may take a port between our look and the broker's.
const ATTEMPTS: usize = 3;

#[derive(Debug)]
pub(super) struct Cluster {
    // Dropped in this order: the brokers are gone before their data is deleted.
    pub(super) brokers: Vec<Broker>,
    dir: GuardedDir,
}

impl Cluster {
    /// Starts the brokers on `first_port` and those that follow, or on free ports.
    pub(super) fn start(brokers: u16, first_port: Option<u16>) -> Self {
        assert!(matches!(brokers, 1 | 3), "a Kafka of 1 or 3 brokers can be started, not of {brokers}");
        let class_path = jars::class_path(&jars::fetch_jars());
        let mut attempts_left = if first_port.is_some() { 1 } else { ATTEMPTS };
        loop {
            let ports: Vec<Ports> = (0..brokers)
                .map(|id| Ports {
                    broker: first_port.map_or_else(free_port, |first| first + id),
                    controller: free_port(),
                })
                .collect();
            attempts_left -= 1;
            match Self::try_start(&ports, &class_path) {
                Ok(cluster) => return cluster,
                Err(NotReady { port_taken: true, .. }) if attempts_left > 0 => {}
                Err(NotReady { message, .. }) => panic!("cannot start Kafka: {message}"),
            }
        }
    }

    fn try_start(ports: &[Ports], class_path: &str) -> Result<Self, NotReady> {
        let dir = GuardedDir::create("aicc-kafka-").expect("a temporary folder");
        let cluster = Self { brokers: format_all(ports, dir.path(), class_path), dir };
        cluster.brokers.iter().for_each(Broker::launch);
        wait_ready(&cluster.brokers, ports.len())?;
        Ok(cluster)
    }

    pub(super) fn dir(&self) -> &Path {
        self.dir.path()
    }
}

/// All at once, as each is a Java process of half a second.
fn format_all(ports: &[Ports], dir: &Path, class_path: &str) -> Vec<Broker> {
    thread::scope(|scope| {
        let format = |id| scope.spawn(move || Broker::format(id, ports, dir, class_path));
        let tasks: Vec<_> = (0..ports.len()).map(format).collect();
        tasks
            .into_iter()
            .map(|task| task.join().unwrap_or_else(|cause| panic::resume_unwind(cause)))
            .collect()
    })
}
