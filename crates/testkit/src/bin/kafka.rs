//! A Kafka for use by hand: starts a cluster, says where it is, and takes it down with its data when it ends.

use std::thread;

use aicc_testkit::{Kafka, fetch_jars};
use clap::Parser;

/// Starts a real Kafka on this machine for as long as this command runs.
#[derive(Debug, Parser)]
#[command(name = "kafka")]
struct Arguments {
    /// Brokers in the cluster: 1 or 3
    #[arg(long, default_value_t = 1, value_parser = parse_brokers)]
    brokers: u16,
    /// Port of the first broker; the others follow
    #[arg(long, default_value_t = 9092, value_parser = clap::value_parser!(u16).range(1..=65_533))]
    port: u16,
    /// Only fetches Kafka's jars into the cache folder
    #[arg(long)]
    fetch_only: bool,
}

fn parse_brokers(text: &str) -> Result<u16, &'static str> {
    text.parse().ok().filter(|brokers| matches!(brokers, 1 | 3)).ok_or("1 or 3 brokers make a cluster")
}

fn main() {
    let arguments = Arguments::parse();
    if arguments.fetch_only {
        println!("{}", fetch_jars().display());
        return;
    }
    let kafka = Kafka::start_on(arguments.brokers, arguments.port);
    println!("bootstrap.servers = {}", kafka.bootstrap_servers());
    for broker in kafka.brokers() {
        let pid = broker.pid().unwrap_or_default();
        println!("broker {}: process {pid}, log {}", broker.id(), broker.log_file().display());
    }
    println!("Ctrl-C stops it and deletes its data.");
    loop {
        // A signal ends this process, and with it the brokers: see `process.rs`.
        thread::park();
    }
}
