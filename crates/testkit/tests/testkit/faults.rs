//! What can be done to brokers.

use std::net::TcpListener;
use std::panic;
use std::time::{Duration, Instant};

use aicc_testkit::{Kafka, wait_until};

use crate::produce::produce;

const TIMEOUT: Duration = Duration::from_secs(30);

#[test]
fn a_broker_that_was_killed_or_stopped_has_its_data_when_it_starts_again() {
    let kafka = Kafka::start(1);
    let topic = kafka.topic("kept", 1);
    let send = |value| produce(kafka.bootstrap_servers(), &topic, "user", value, TIMEOUT).unwrap();

    send("before the kill");
    kafka.broker(0).kill();
    assert_eq!(kafka.broker(0).pid(), None);
    kafka.broker(0).start();
    send("before the stop");
    kafka.broker(0).stop();
    kafka.broker(0).start();
    send("at the end");

    let values: Vec<_> = kafka.records([&topic]).into_iter().map(|record| record.value.unwrap()).collect();
    assert_eq!(values, [b"before the kill".as_slice(), b"before the stop", b"at the end"]);
}

#[test]
fn a_paused_broker_acknowledges_nothing_until_it_is_resumed() {
    let kafka = Kafka::start(1);
    let topic = kafka.topic("paused", 1);
    let send = |timeout| produce(kafka.bootstrap_servers(), &topic, "user", "", timeout);

    kafka.broker(0).pause();
    send(Duration::from_secs(4)).unwrap_err();
    kafka.broker(0).resume();

    wait_until(TIMEOUT, "the resumed broker acknowledges", || send(Duration::from_secs(5)).is_ok());
}

#[test]
fn of_three_brokers_another_leads_after_a_kill_and_the_killed_one_catches_up() {
    let kafka = Kafka::start(3);
    let topic = kafka.topic("led", 1);
    let partition = || kafka.partition(&topic, 0).expect("brokers that run know the topic");
    assert_eq!(partition().in_sync_replicas.len(), 3);
    let first = partition().leader.expect("a new topic has its leader");

    let killed = Instant::now();
    kafka.broker(first).kill();

    wait_until(TIMEOUT, "another broker leads", || partition().leader.is_some_and(|leader| leader != first));
    assert!(killed.elapsed() < Duration::from_secs(20), "the kill was noticed after {:?}", killed.elapsed());
    produce(kafka.bootstrap_servers(), &topic, "user", "by two", TIMEOUT).unwrap();
    kafka.broker(first).start();
    wait_until(TIMEOUT, "all three are in sync", || partition().in_sync_replicas.len() == 3);
    assert_eq!(kafka.records([&topic]).len(), 1);
}

#[test]
#[should_panic(expected = "was not started here")]
fn a_kafka_of_others_cannot_be_harmed() {
    Kafka::running_at("127.0.0.1:9").broker(0);
}

#[test]
fn a_start_that_fails_says_why() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();

    let panic = panic::catch_unwind(|| Kafka::start_on(1, port)).unwrap_err();

    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("broker 0 ended") && text.contains("Address already in use"), "{text}");
}
