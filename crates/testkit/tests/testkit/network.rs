//! A cluster behind proxies.

use std::time::Duration;

use aicc_testkit::{Flow, Kafka, Operation, wait_until};
use rdkafka::ClientConfig;
use rdkafka::types::RDKafkaErrorCode;

use crate::produce::{produce, produce_with};

const TIMEOUT: Duration = Duration::from_mins(1);

#[test]
fn clients_and_brokers_can_be_cut_off_and_joined_again() {
    let kafka = Kafka::start_proxied(3, 1);
    let topic = kafka.topic("proxied", 1);
    let send = |servers: &str| produce(servers, &topic, "user", "", TIMEOUT);
    let send_proxied = |timeout| {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", kafka.proxied_bootstrap_servers());
        config.extend(kafka.proxied_client_properties().map(|(name, value)| (name.into(), value.into())));
        produce_with(config, &topic, "user", "", timeout)
    };
    send_proxied(TIMEOUT).unwrap();

    // Between the clients and every broker.
    kafka.network().to_brokers().iter().for_each(|proxy| proxy.set_both(Flow::Cut));
    send_proxied(Duration::from_secs(3)).unwrap_err();
    send(kafka.bootstrap_servers()).unwrap();
    kafka.network().heal();
    send_proxied(TIMEOUT).unwrap();

    // By an ACL.
    kafka.deny(&topic, Operation::Write);
    wait_until(TIMEOUT, "writing is denied", || {
        let error = send_proxied(Duration::from_secs(3)).err().and_then(|error| error.rdkafka_error_code());
        error == Some(RDKafkaErrorCode::TopicAuthorizationFailed)
    });
    send(kafka.bootstrap_servers()).unwrap();
    kafka.allow(&topic);
    wait_until(TIMEOUT, "writing is allowed", || send_proxied(Duration::from_secs(3)).is_ok());

    // Between the leader and the others, who choose another one.
    let leader = kafka.partition(&topic, 0).unwrap().leader.unwrap();
    kafka.network().set_peers_of(leader, Flow::Cut);
    let other = kafka.broker((leader + 1) % 3).address().to_string();
    let at_others = Kafka::running_at(other);
    wait_until(TIMEOUT, "another broker leads", || {
        at_others.partition(&topic, 0).and_then(|partition| partition.leader).is_some_and(|now| now != leader)
    });
    send(at_others.bootstrap_servers()).unwrap();
    kafka.network().heal();
    wait_until(TIMEOUT, "all three are in sync", || {
        kafka.partition(&topic, 0).is_some_and(|partition| partition.in_sync_replicas.len() == 3)
    });
}

#[test]
fn a_broker_whose_disk_takes_no_more_ends_and_comes_back() {
    let kafka = Kafka::start(1);
    let topic = kafka.topic("full", 1);
    let send = |timeout| produce(kafka.bootstrap_servers(), &topic, "user", "", timeout);
    send(TIMEOUT).unwrap();

    kafka.broker(0).fill_disk();
    send(Duration::from_secs(3)).unwrap_err();
    kafka.broker(0).wait_end(TIMEOUT);
    kafka.broker(0).start();

    send(TIMEOUT).unwrap();
    assert_eq!(kafka.records([&topic]).len(), 2);
}

#[test]
fn settings_of_topics_change_and_the_controller_moves_when_it_is_killed() {
    let kafka = Kafka::start(3);
    let topic = kafka.topic("settings", 1);
    let send = || produce(kafka.bootstrap_servers(), &topic, "user", &"long".repeat(100), TIMEOUT);
    send().unwrap();
    kafka.set_topic_config(&topic, "max.message.bytes", "100");
    wait_until(TIMEOUT, "long records are refused", || {
        send().err().and_then(|error| error.rdkafka_error_code())
            == Some(RDKafkaErrorCode::MessageSizeTooLarge)
    });
    kafka.set_topic_config(&topic, "max.message.bytes", "100000");
    wait_until(TIMEOUT, "long records are taken", || send().is_ok());

    let first = kafka.controller();
    kafka.broker(first).kill();
    wait_until(TIMEOUT, "another broker is the controller", || kafka.controller() != first);
}
