//! Topics that the gateway is to create: `topics.create`.

use std::time::Duration;

use aicc_testkit::{Kafka, wait_until};

use crate::admin::readiness;
use crate::batch::Batch;
use crate::kafka_admin::{create_topic, delete_topics, own_setting, unique};
use crate::support::gateway;

const TIMEOUT: Duration = Duration::from_secs(30);

#[test]
fn missing_topics_are_created_as_configured_where_that_is_asked_for() {
    let kafka = Kafka::shared();
    let names = ["web", "whatsapp", "other", "dead-letter"].map(unique);
    let topics = names.each_ref().map(String::as_str);
    let gateway = gateway(kafka.bootstrap_servers(), topics, "")
        .env("AICC_TOPICS__CREATE", "true")
        .env("AICC_TOPICS__PARTITIONS", "5")
        .env("AICC_TOPICS__REPLICATION_FACTOR", "1")
        .env("AICC_TOPICS__MIN_INSYNC_REPLICAS", "1")
        .start();
    gateway.wait_ready(TIMEOUT);

    for topic in topics {
        wait_until(TIMEOUT, "the topic has its partitions", || kafka.partition(topic, 4).is_some());
        assert_eq!(kafka.partition(topic, 5), None, "{topic}");
        assert_eq!(kafka.partition(topic, 0).unwrap().in_sync_replicas.len(), 1, "{topic}");
        assert_eq!(own_setting(kafka, topic, "min.insync.replicas").as_deref(), Some("1"), "{topic}");
    }
    Batch::of_channels("created", &["WEB", "WHATSAPP", "LINE"])
        .with_invalid_message()
        .push(gateway.server())
        .is(200, "0", "topics that were just created");
    assert_eq!(kafka.records(topics).len(), 4);
    delete_topics(kafka, &topics);
}

#[test]
fn a_topic_that_cannot_be_created_is_named_and_the_gateway_waits_for_it() {
    let kafka = Kafka::shared();
    let dead_letter = kafka.topic("dead-letter", 1);
    let web = unique("web");
    let gateway = gateway(kafka.bootstrap_servers(), [&web, &web, &web, &dead_letter], "")
        .env("AICC_TOPICS__CREATE", "true")
        .env("AICC_TOPICS__REPLICATION_FACTOR", "7")
        .start();

    let said = |text: &str| gateway.log().lines().any(|line| line.contains(text) && line.contains(&web));
    wait_until(TIMEOUT, "the log says so", || said("cannot be created"));
    let (status, reasons) = readiness(gateway.admin());
    assert_eq!(status, 503);
    assert!(reasons.iter().any(|reason| reason.contains(&web)), "{reasons:?}");

    create_topic(kafka, &web, 1);
    gateway.wait_ready(TIMEOUT);
    delete_topics(kafka, &[&web]);
}
