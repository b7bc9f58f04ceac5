//! The `server.properties` of one node.

use std::fmt::Write as _;
use std::path::Path;

/// The ports of a node on 127.0.0.1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ports {
    pub(super) broker: u16,
    pub(super) controller: u16,
}

/// Settings of every cluster, chosen so that it starts fast, notices a dead broker fast and keeps little on disk.
const COMMON: &str = "\
process.roles=broker,controller
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT

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

/// The settings of node `id` of the cluster whose nodes listen on `nodes`.
pub(super) fn server_properties(id: usize, nodes: &[Ports], data: &Path) -> String {
    let mut text = String::from(COMMON);
    let mut set = |name: &str, value: &dyn std::fmt::Display| {
        writeln!(text, "{name}={value}").expect("a String takes it");
    };
    let Ports { broker, controller } = nodes[id];
    let voters: Vec<String> =
        nodes.iter().enumerate().map(|(id, ports)| format!("{id}@127.0.0.1:{}", ports.controller)).collect();
    set("node.id", &id);
    set("controller.quorum.voters", &voters.join(","));
    set("listeners", &format!("PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}"));
    set("advertised.listeners", &format!("PLAINTEXT://127.0.0.1:{broker}"));
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
