//! The `server.properties` of one node.

use std::fmt::Write as _;
use std::path::Path;

/// The ports of a node on 127.0.0.1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ports {
    pub(super) broker: u16,
    pub(super) controller: u16,
    /// For a cluster whose connections go through proxies.
    pub(super) proxied: Option<ProxiedPorts>,
}

/// The further ports of a node whose connections go through proxies.
#[derive(Debug, Clone, Copy)]
pub(super) struct ProxiedPorts {
    /// Where the node listens for clients that come through a proxy.
    pub(super) clients: u16,
    /// Where that proxy listens.
    pub(super) clients_proxy: u16,
    /// Where the node listens for other brokers; their proxies have the same port at addresses of their own.
    pub(super) peers: u16,
}

/// Settings of every cluster, chosen so that it starts fast, notices a dead broker fast and keeps little on disk.
const COMMON: &str = "\
process.roles=broker,controller
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:SASL_PLAINTEXT,PEERS:PLAINTEXT

# A topic that is not there must be seen as missing.
auto.create.topics.enable=false

# A broker that was killed, or is paused, loses its leaderships after 3 s instead of 9 s.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
group.initial.rebalance.delay.ms=0

# Small internal topics; no run fills the disk, not even with topics that were created by other means than ours.
offsets.topic.num.partitions=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.num.partitions=1
log.segment.bytes=16777216
log.retention.bytes=67108864
log.retention.check.interval.ms=10000
log.initial.task.delay.ms=5000
log.segment.delete.delay.ms=1000
log.index.size.max.bytes=1048576

# Its default of 128 MB would take a third of the heap.
log.cleaner.dedupe.buffer.size=4194304
num.network.threads=2
num.io.threads=4
";

/// A cut connection says nothing: who waits for an answer there gives up before the fault is over.
const CUTS: &str = "\
controller.socket.timeout.ms=2000
replica.socket.timeout.ms=2000
socket.connection.setup.timeout.ms=1000
socket.connection.setup.timeout.max.ms=2000
";

/// Clients behind proxies have a name, so that ACLs can take things from them; what no ACL speaks of is theirs.
const ACLS: &str = "\
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
allow.everyone.if.no.acl.found=true
listener.name.proxied.sasl.enabled.mechanisms=PLAIN
listener.name.proxied.plain.sasl.jaas.config=\
    org.apache.kafka.common.security.plain.PlainLoginModule required user_gateway=\"gateway\";
";

/// The user of the settings above.
pub(super) const PROXIED_USER: &str = "gateway";

/// What a client sets to connect through the proxies.
pub(super) const PROXIED_CLIENT: [(&str, &str); 4] = [
    ("security.protocol", "SASL_PLAINTEXT"),
    ("sasl.mechanism", "PLAIN"),
    ("sasl.username", PROXIED_USER),
    ("sasl.password", "gateway"),
];

/// The settings of node `id` of the cluster whose nodes listen on `nodes`.
pub(super) fn server_properties(id: usize, nodes: &[Ports], data: &Path) -> String {
    let mut text = String::from(COMMON);
    let Ports { broker, controller, proxied } = nodes[id];
    if proxied.is_some() {
        text.push_str(ACLS);
        text.push_str(CUTS);
    }
    let mut set = |name: &str, value: &dyn std::fmt::Display| {
        writeln!(text, "{name}={value}").expect("a String takes it");
    };
    let host = |id| if proxied.is_some() { node_name(id) } else { "127.0.0.1".to_owned() };
    let voter = |(id, ports): (usize, &Ports)| format!("{id}@{}:{}", host(id), ports.controller);
    let voters: Vec<String> = nodes.iter().enumerate().map(voter).collect();
    set("node.id", &id);
    set("controller.quorum.voters", &voters.join(","));
    let mut listeners = format!("PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}");
    let mut advertised = format!("PLAINTEXT://127.0.0.1:{broker}");
    if let Some(ProxiedPorts { clients, clients_proxy, peers }) = proxied {
        write!(listeners, ",PROXIED://127.0.0.1:{clients},PEERS://127.0.0.1:{peers}")
            .expect("a String takes it");
        write!(advertised, ",PROXIED://127.0.0.1:{clients_proxy},PEERS://{}:{peers}", node_name(id))
            .expect("a String takes it");
    }
    set("listeners", &listeners);
    set("advertised.listeners", &advertised);
    set("inter.broker.listener.name", if proxied.is_some() { &"PEERS" } else { &"PLAINTEXT" });
    set("log.dirs", &data.display());
    let replicas = nodes.len();
    set("default.replication.factor", &replicas);
    set("offsets.topic.replication.factor", &replicas);
    set("transaction.state.log.replication.factor", &replicas);
    set("share.coordinator.state.topic.replication.factor", &replicas);
    let in_sync = replicas.min(2);
    set("min.insync.replicas", &in_sync);
    set("transaction.state.log.min.isr", &in_sync);
    set("share.coordinator.state.topic.min.isr", &in_sync);
    text
}

/// The host name by which nodes that are connected through proxies know node `id`.
pub(super) fn node_name(id: usize) -> String {
    format!("broker-{id}")
}
