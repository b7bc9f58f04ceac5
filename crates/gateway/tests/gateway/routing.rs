//! Which topic a channel's messages go to where the configuration says more than the shipped one.

use std::collections::BTreeMap;

use aicc_testkit::Kafka;

use crate::support::{PARTITIONS, READY_TIMEOUT, Request, expect, gateway, send};

#[test]
fn a_configured_channel_has_its_topic_by_its_exact_name() {
    let kafka = Kafka::shared();
    let topics = kafka.topics("routing", PARTITIONS);
    let line = kafka.topic("routing.line", 1);
    let gateway = gateway(kafka.bootstrap_servers(), topics.names(), "")
        .env("AICC_TOPICS__CHANNELS__LINE", &*line)
        .env("AICC_TOPICS__CHANNELS__web", &*line)
        // Two channels may share a topic.
        .env("AICC_TOPICS__CHANNELS__WECHAT", &topics.whatsapp)
        .start();
    gateway.wait_ready(READY_TIMEOUT);
    let expected = BTreeMap::from([
        ("WEB", topics.web.as_str()),
        ("web", &line),
        ("Web", &topics.other),
        ("LINE", &line),
        ("line", &topics.other),
        ("LINE ", &topics.other),
        ("WECHAT", &topics.whatsapp),
        ("微信", &topics.other),
        ("WHATSAPP", &topics.whatsapp),
    ]);
    let message = |channel: &&str| {
        format!(
            r#"{{"from":"1","channel":"{channel}","to":"{channel}","controlType":"CONNECT","sourceType":"SYSTEM","timestamp":1}}"#
        )
    };
    let messages: Vec<_> = expected.keys().map(message).collect();
    let push = format!(r#"{{"timestamp":1,"messages":[{}]}}"#, messages.join(","));
    expect("one of each", &send(gateway.server(), &Request::push(push).signed()), 200, "0");
    let names = topics.names().into_iter().chain([&*line]);
    let records = kafka.wait_for_records(names, expected.len(), READY_TIMEOUT);
    // The user is the channel's name.
    let key =
        |record: &aicc_testkit::Record| String::from_utf8(record.key.clone().expect("a key")).expect("text");
    let found: BTreeMap<_, _> = records.iter().map(|record| (key(record), record.topic.as_str())).collect();
    let found: BTreeMap<_, _> = found.iter().map(|(channel, topic)| (channel.as_str(), *topic)).collect();
    assert_eq!(found, expected);
}
