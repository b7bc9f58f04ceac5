//! A topic of the configuration that Kafka does not have.

use std::time::Duration;

use aicc_testkit::{Kafka, wait_until};

use crate::admin::{get, readiness};
use crate::batch::{Batch, Landed};
use crate::kafka_admin::{create_topic, delete_topics, unique};
use crate::support::{PARTITIONS, gateway};

const TIMEOUT: Duration = Duration::from_secs(30);
/// As for every refusal that needs no answer from Kafka.
const AT_ONCE: Duration = Duration::from_millis(500);

#[test]
fn a_push_that_needs_a_missing_topic_is_refused_whole_until_the_topic_is_there() {
    let kafka = Kafka::shared();
    let present = kafka.topic("present", PARTITIONS);
    let [other, dead_letter] = ["other", "dead-letter"].map(unique);
    let topics = [&*present, &*present, other.as_str(), dead_letter.as_str()];
    let gateway = gateway(kafka.bootstrap_servers(), topics, "")
        .env("AICC_KAFKA__PUBLISH_TIMEOUT", "2s")
        .env("AICC_SERVER__REQUEST_TIMEOUT", "4s")
        .start();
    let server = gateway.server();

    wait_until(TIMEOUT, "the two topics are known to be missing", || {
        let log = gateway.log();
        let logged = |topic: &str| log.lines().any(|line| line.contains("missing") && line.contains(topic));
        let (status, reasons) = readiness(gateway.admin());
        let waited_for = |topic: &str| reasons.iter().any(|reason| reason.contains(topic));
        logged(&other) && logged(&dead_letter) && status == 503 && waited_for(&other) && !waited_for(&present)
    });
    assert_eq!(get(gateway.admin(), "/livez").status, 200);

    let unharmed = Batch::new("unharmed", 4);
    unharmed.push(server).is(200, "0", "a push that needs no missing topic");
    let refused = [
        ("the only message needs it", Batch::of_channels("only", &["LINE"])),
        ("the last message needs it", Batch::of_channels("last", &["WEB", "WHATSAPP", "WEB", "LINE"])),
        ("the first message needs it", Batch::of_channels("first", &["LINE", "WEB", "WEB"])),
        ("an invalid message needs it", Batch::new("invalid", 2).with_invalid_message()),
    ];
    for (scenario, batch) in &refused {
        let answer = batch.push(server);
        answer.is(503, "5033", scenario);
        assert!(answer.after < AT_ONCE, "{scenario}: {answer:?}");
    }
    let landed = Landed::new(kafka.records([&present]));
    landed.has_once(&unharmed, "a push that needs no missing topic");
    refused.iter().for_each(|(scenario, batch)| landed.lacks(batch, scenario));

    create_topic(kafka, &other, PARTITIONS);
    create_topic(kafka, &dead_letter, PARTITIONS);
    gateway.wait_ready(TIMEOUT);
    for (scenario, batch) in &refused {
        batch.push(server).is(200, "0", scenario);
    }
    let count = refused.iter().map(|(_, batch)| batch.len()).sum();
    let names = [&*present, other.as_str(), dead_letter.as_str()];
    let landed = Landed::new(kafka.wait_for_records(names, count, TIMEOUT));
    refused.iter().for_each(|(scenario, batch)| landed.has_once(batch, scenario));
    delete_topics(kafka, &[&other, &dead_letter]);
}

#[test]
fn a_topic_that_is_deleted_later_is_refused_too_and_readiness_stays() {
    let kafka = Kafka::shared();
    let present = kafka.topic("present", PARTITIONS);
    let other = unique("deleted");
    create_topic(kafka, &other, PARTITIONS);
    let dead_letter = kafka.topic("dead-letter", 1);
    let topics = [&*present, &*present, other.as_str(), &*dead_letter];
    let gateway = gateway(kafka.bootstrap_servers(), topics, "")
        .env("AICC_KAFKA__PUBLISH_TIMEOUT", "2s")
        .env("AICC_SERVER__REQUEST_TIMEOUT", "4s")
        .start();
    gateway.wait_ready(TIMEOUT);
    let server = gateway.server();
    Batch::of_channels("before", &["LINE"]).push(server).is(200, "0", "before the deletion");

    delete_topics(kafka, &[&other]);
    let mut attempts = 0;
    let mut attempt = || {
        attempts += 1;
        Batch::of_channels(format!("attempt {attempts}"), &["WEB", "LINE"]).push(server)
    };
    wait_until(TIMEOUT, "the deletion is known", || {
        let answer = attempt();
        assert_ne!(answer.code, "0", "the topic is gone");
        answer.code == "5033"
    });
    let answer = attempt();
    answer.is(503, "5033", "the topic is gone");
    assert!(answer.after < AT_ONCE, "{answer:?}");
    assert_eq!(readiness(gateway.admin()).0, 200);
    Batch::new("neighbour", 2).push(server).is(200, "0", "the other topics");

    create_topic(kafka, &other, PARTITIONS);
    wait_until(TIMEOUT, "the new topic is used", || attempt().code == "0");
    delete_topics(kafka, &[&other]);
}
