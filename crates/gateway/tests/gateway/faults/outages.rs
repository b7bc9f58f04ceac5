//! A Kafka that cannot be reached: from the start, for a while, and for a moment.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use aicc_testkit::{GatewayProcess, Kafka, Topics, wait_until};

use super::trickle::Trickle;
use crate::admin::{get, readiness};
use crate::batch::{Answer, Batch, Landed};
use crate::support::{PARTITIONS, Relay, gateway};

const TIMEOUT: Duration = Duration::from_mins(1);
const PUBLISH_TIMEOUT: Duration = Duration::from_secs(2);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(4);
const IMPATIENT: [(&str, &str); 2] = [("kafka.publish_timeout", "2s"), ("server.request_timeout", "4s")];
/// What needs no answer from Kafka takes milliseconds; this is for a busy machine.
const AT_ONCE: Duration = Duration::from_millis(500);

/// One broker for all of them, one after the other.
#[test]
fn no_outage_of_kafka_loses_repeats_or_wrongly_acknowledges_a_message() {
    let kafka = Kafka::start(1);
    unreachable_at_start(&kafka);
    short_pause(&kafka);
    let relay = Relay::on(&kafka, "outage", &IMPATIENT, "");
    outage("pause", &kafka, &relay, || kafka.broker(0).pause(), || kafka.broker(0).resume());
    outage("kill", &kafka, &relay, || kafka.broker(0).kill(), || kafka.broker(0).start());
}

/// Kafka comes after the gateway, and the topics after Kafka.
fn unreachable_at_start(kafka: &Kafka) {
    let scenario = "Kafka unreachable at start";
    let topics = kafka.topics("late", PARTITIONS);
    kafka.broker(0).kill();
    let gateway = gateway(kafka.bootstrap_servers(), topics.names(), "")
        .env("AICC_KAFKA__PUBLISH_TIMEOUT", "2s")
        .env("AICC_SERVER__REQUEST_TIMEOUT", "4s")
        .start();

    assert_eq!(get(gateway.admin(), "/livez").status, 200, "{scenario}");
    let (status, reasons) = readiness(gateway.admin());
    assert_eq!(status, 503, "{scenario}");
    for topic in topics.names() {
        assert!(reasons.iter().any(|reason| reason.contains(topic)), "{scenario}: {topic} in {reasons:?}");
    }
    let refused = known_outage(scenario, gateway.server());
    assert_eq!(readiness(gateway.admin()).0, 503, "{scenario}");

    kafka.broker(0).start();
    gateway.wait_ready(TIMEOUT);
    let batch = Batch::new("at last", 3);
    batch.push(gateway.server()).is(200, "0", scenario);
    let landed = landed(kafka, &topics, batch.len());
    landed.has_once(&batch, scenario);
    refused.iter().for_each(|refused| landed.lacks(refused, scenario));
}

/// A pause that is shorter than `kafka.publish_timeout` (12 s as shipped) fails no push.
fn short_pause(kafka: &Kafka) {
    let scenario = "short pause";
    let relay = Relay::on(kafka, "pause", &[], "");
    let acknowledged = Trickle::during(relay.server(), &["0"], |pushes| {
        pushes.flows();
        kafka.broker(0).pause();
        // The fault itself.
        thread::sleep(Duration::from_secs(2));
        kafka.broker(0).resume();
        pushes.flows();
    });
    let landed = landed(kafka, &relay.topics, 0);
    acknowledged.iter().for_each(|batch| landed.has_once(batch, scenario));
}

/// An outage that is longer than `kafka.publish_timeout`, and what comes before, while and after it is known.
fn outage(scenario: &str, kafka: &Kafka, relay: &Relay<'_>, begin: impl Fn(), end: impl Fn()) {
    let server = relay.server();
    let before = Batch::new(format!("before {scenario}"), 3);
    before.push(server).is(200, "0", scenario);

    begin();
    let surprised = Batch::new(format!("surprised by {scenario}"), 20);
    assert_outcome_unknown(&surprised.push(server), scenario);
    let refused = known_outage(scenario, server);
    // Its records are still in the producer: it waits for them, however long Kafka has been silent.
    assert_outcome_unknown(&surprised.push(server), &format!("{scenario}, retry"));
    assert_ready(&relay.gateway, scenario);

    end();
    wait_until(TIMEOUT, &format!("{scenario}: the retry is acknowledged"), || {
        let answer = surprised.push(server);
        assert!(answer.code == "0" || answer.code == "5040", "{scenario}, retry: {answer:?}");
        answer.code == "0"
    });
    let after = Batch::new(format!("after {scenario}"), 3);
    after.push(server).is(200, "0", scenario);
    assert_ready(&relay.gateway, scenario);

    let landed = landed(kafka, &relay.topics, before.len() + surprised.len() + after.len());
    [before, surprised, after].iter().for_each(|batch| landed.has_once(batch, scenario));
    refused.iter().for_each(|batch| landed.lacks(batch, scenario));
}

/// Pushes until the outage is known, then some more, which are refused at once. Gives what was refused: nothing of it
/// may ever be published.
fn known_outage(scenario: &str, server: SocketAddr) -> Vec<Batch> {
    let mut attempts = 0;
    let mut attempt = || {
        attempts += 1;
        let batch = Batch::new(format!("{scenario} attempt {attempts}"), 3);
        let answer = batch.push(server);
        (batch, answer)
    };
    let mut refused = Vec::new();
    wait_until(TIMEOUT, &format!("{scenario}: the outage is known"), || {
        let (batch, answer) = attempt();
        if answer.code == "5031" {
            refused.push(batch);
        } else {
            assert_outcome_unknown(&answer, scenario);
        }
        !refused.is_empty()
    });
    for _ in 0..5 {
        let (batch, answer) = attempt();
        answer.is(503, "5031", scenario);
        assert!(answer.after < AT_ONCE, "{scenario}: {answer:?}");
        refused.push(batch);
    }
    refused
}

#[track_caller]
fn assert_outcome_unknown(answer: &Answer, scenario: &str) {
    answer.is(504, "5040", scenario);
    assert!(answer.after >= PUBLISH_TIMEOUT && answer.after < REQUEST_TIMEOUT, "{scenario}: {answer:?}");
}

/// No state of Kafka changes readiness once it is there.
#[track_caller]
fn assert_ready(gateway: &GatewayProcess, scenario: &str) {
    for path in ["/livez", "/readyz"] {
        assert_eq!(get(gateway.admin(), path).status, 200, "{scenario}: {path}");
    }
}

fn landed(kafka: &Kafka, topics: &Topics, count: usize) -> Landed {
    Landed::new(kafka.wait_for_records(topics.names(), count, TIMEOUT))
}
