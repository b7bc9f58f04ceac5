//! The connections of a cluster, each through a proxy: from the relay's clients to every broker, and between every two
//! nodes.
//!
//! Each node's Java has a hosts file of its own, in which the name of another node is a loopback address that only
//! this pair uses, and a proxy listens there. So a cut can be between two nodes alone.

use std::fmt::Write as _;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

use super::properties::{Ports, node_name};
use crate::proxy::{Flow, Proxy};

/// The proxies of a cluster.
#[derive(Debug)]
pub struct Network {
    /// By the broker behind it.
    clients: Vec<Proxy>,
    peers: Vec<Link>,
}

/// What a node uses to reach another one: as a broker and as a controller.
#[derive(Debug)]
struct Link {
    from: usize,
    to: usize,
    proxies: [Proxy; 2],
}

impl Network {
    /// Listens for nodes on `nodes`, before they are started. `seed` decides the jitter of delays.
    pub(super) fn start(nodes: &[Ports], seed: u64) -> io::Result<Self> {
        let mut network = Self { clients: Vec::new(), peers: Vec::new() };
        for (to, ports) in nodes.iter().enumerate() {
            let behind = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            let further = ports.proxied.as_ref().ok_or(io::ErrorKind::InvalidInput)?;
            let clients = behind(further.clients_proxy);
            network.clients.push(Proxy::start_on(clients, behind(further.clients), seed)?);
            for from in (0..nodes.len()).filter(|from| *from != to) {
                let proxy = |port| {
                    let address = SocketAddrV4::new(pair_address(from, to), port);
                    Proxy::start_on(address.into(), behind(port), seed)
                };
                let proxies = [proxy(further.peers)?, proxy(ports.controller)?];
                network.peers.push(Link { from, to, proxies });
            }
        }
        Ok(network)
    }

    /// The proxy between the relay's clients and a broker.
    pub fn to_broker(&self, id: usize) -> &Proxy {
        &self.clients[id]
    }

    /// The proxies between the relay's clients and every broker, by broker.
    pub fn to_brokers(&self) -> &[Proxy] {
        &self.clients
    }

    /// Cuts a node off from the others, or joins it to them again with [`Flow::Pass`]. Clients still reach it.
    pub fn set_peers_of(&self, id: usize, flow: Flow) {
        let links = self.peers.iter().filter(|link| link.from == id || link.to == id);
        links.flat_map(|link| &link.proxies).for_each(|proxy| proxy.set_both(flow));
    }

    /// Everything passes again.
    pub fn heal(&self) {
        self.clients.iter().for_each(Proxy::heal);
        self.peers.iter().flat_map(|link| &link.proxies).for_each(Proxy::heal);
    }
}

/// The hosts file of node `id` of so many.
pub(super) fn hosts_file(id: usize, nodes: usize) -> String {
    let mut text = String::from("127.0.0.1 localhost\n");
    for node in 0..nodes {
        let address = if node == id { Ipv4Addr::LOCALHOST } else { pair_address(id, node) };
        writeln!(text, "{address} {}", node_name(node)).expect("a String takes it");
    }
    text
}

/// Where node `from` finds node `to`.
fn pair_address(from: usize, to: usize) -> Ipv4Addr {
    let octet = |id| u8::try_from(100 + id).expect("a cluster has few nodes");
    Ipv4Addr::new(127, 0, octet(from), octet(to))
}
