//! A cluster of three brokers that loses one, and then another.

use std::net::SocketAddr;
use std::time::Duration;

use aicc_testkit::{Kafka, wait_until};

use super::trickle::Trickle;
use crate::batch::{Batch, Landed};
use crate::support::Relay;

const TIMEOUT: Duration = Duration::from_mins(1);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(8);
const SETTINGS: [(&str, &str); 2] = [("kafka.publish_timeout", "6s"), ("server.request_timeout", "8s")];
/// So many that each partition gets some.
const MESSAGES: usize = 20;

#[test]
fn the_loss_of_brokers_neither_loses_nor_repeats_what_was_acknowledged() {
    let kafka = Kafka::start(3);
    let relay = Relay::on(&kafka, "led", &SETTINGS, "");
    let leader = || kafka.partition(&relay.topics.web, 0).and_then(|partition| partition.leader);

    let first = leader().expect("a partition has its leader");
    let acknowledged = Trickle::during(relay.server(), &["0", "5031", "5040"], |pushes| {
        pushes.flows();
        kafka.broker(first).kill();
        wait_until(TIMEOUT, "another broker leads", || leader().is_some_and(|leader| leader != first));
        pushes.flows();
    });
    let second = (first + 1) % 3;
    kafka.broker(second).kill();
    let refused = too_few_replicas(relay.server());
    kafka.broker(second).start();
    wait_until(TIMEOUT, "two of three acknowledge again", || {
        Batch::new("two again", MESSAGES).push(relay.server()).code == "0"
    });

    let landed = Landed::new(kafka.records(relay.topics.names()));
    acknowledged.iter().for_each(|batch| landed.has_once(batch, "a leader was killed"));
    refused.iter().for_each(|batch| landed.lacks(batch, "two of three brokers were killed"));
}

/// Pushes until it is known that nothing can be acknowledged. Gives what was refused: nothing of it may ever be
/// published.
fn too_few_replicas(server: SocketAddr) -> Vec<Batch> {
    let scenario = "two of three brokers were killed";
    let mut refused = Vec::new();
    let mut attempts = 0;
    wait_until(TIMEOUT, &format!("{scenario}: pushes are refused"), || {
        attempts += 1;
        let batch = Batch::new(format!("{scenario}, attempt {attempts}"), MESSAGES);
        let answer = batch.push(server);
        assert!(answer.after < REQUEST_TIMEOUT, "{scenario}: {answer:?}");
        match answer.code.as_str() {
            "5031" => refused.push(batch),
            _ => answer.is(504, "5040", scenario),
        }
        refused.len() >= 5
    });
    refused
}
