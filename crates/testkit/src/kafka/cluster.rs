//! The nodes of a Kafka that was started here, and the folder that holds their data.

use std::io::ErrorKind;
use std::path::Path;
use std::{panic, thread};

use super::broker::{Broker, NotReady, wait_ready};
use super::jars;
use super::network::Network;
use super::ports::free_port;
use super::properties::{Ports, ProxiedPorts};
use crate::process::GuardedDir;

/// Somebody may take a port between our look and the broker's.
const ATTEMPTS: usize = 3;

#[derive(Debug)]
pub(super) struct Cluster {
    // Dropped in this order: the brokers are gone before their data is deleted.
    pub(super) brokers: Vec<Broker>,
    pub(super) network: Option<Network>,
    dir: GuardedDir,
}

/// How the nodes' connections are made.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wiring {
    /// On free ports.
    Direct,
    /// On this port and those that follow, for clients.
    DirectOn(u16),
    /// Through proxies with this seed.
    Proxied(u64),
}

impl Cluster {
    /// Starts so many brokers.
    pub(super) fn start(brokers: u16, wiring: Wiring) -> Self {
        assert!(matches!(brokers, 1 | 3), "a Kafka of 1 or 3 brokers can be started, not of {brokers}");
        let class_path = jars::class_path(&jars::fetch_jars());
        let mut attempts_left = if matches!(wiring, Wiring::DirectOn(_)) { 1 } else { ATTEMPTS };
        loop {
            let ports: Vec<Ports> = (0..brokers).map(|id| choose_ports(id, wiring)).collect();
            attempts_left -= 1;
            match Self::try_start(&ports, wiring, &class_path) {
                Ok(cluster) => return cluster,
                Err(NotReady { port_taken: true, .. }) if attempts_left > 0 => {}
                Err(NotReady { message, .. }) => panic!("cannot start Kafka: {message}"),
            }
        }
    }

    fn try_start(ports: &[Ports], wiring: Wiring, class_path: &str) -> Result<Self, NotReady> {
        let dir = GuardedDir::create("aicc-kafka-").expect("a temporary folder");
        let network = match wiring {
            Wiring::Proxied(seed) => Some(Network::start(ports, seed).map_err(|error| NotReady {
                port_taken: error.kind() == ErrorKind::AddrInUse,
                message: format!("no proxies: {error}"),
            })?),
            Wiring::Direct | Wiring::DirectOn(_) => None,
        };
        let cluster = Self { brokers: format_all(ports, dir.path(), class_path), network, dir };
        cluster.brokers.iter().for_each(Broker::launch);
        wait_ready(&cluster.brokers, ports.len())?;
        Ok(cluster)
    }

    pub(super) fn dir(&self) -> &Path {
        self.dir.path()
    }
}

fn choose_ports(id: u16, wiring: Wiring) -> Ports {
    let proxied = || ProxiedPorts { clients: free_port(), clients_proxy: free_port(), peers: free_port() };
    Ports {
        broker: if let Wiring::DirectOn(first) = wiring { first + id } else { free_port() },
        controller: free_port(),
        proxied: matches!(wiring, Wiring::Proxied(_)).then(proxied),
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
