//! The two kinds of Kafka on which every case has to hold, each with a gateway and topics of the test's own.

use std::thread;

use aicc_testkit::http::Response;
use aicc_testkit::{GatewayProcess, Kafka, Record};
use rdkafka::mocking::MockCluster;

use super::Place;
use crate::support::{self, PARTITIONS, READY_TIMEOUT, RECORDS_TIMEOUT, Relay, Request};

/// A gateway with where it writes to.
pub(crate) struct Stand<'a> {
    gateway: &'a GatewayProcess,
    kafka: &'a Kafka,
    topics: [&'a str; 4],
}

impl Stand<'_> {
    pub(crate) fn send(&self, request: &Request) -> Response {
        support::send(self.gateway.server(), request)
    }

    pub(crate) fn records(&self, count: usize) -> Vec<Record> {
        self.kafka.wait_for_records(self.topics, count, RECORDS_TIMEOUT)
    }

    pub(crate) fn topic(&self, place: Place) -> &str {
        self.topics[place as usize]
    }
}

/// Runs a test on a real Kafka, and at the same time on librdkafka's mock cluster.
pub(crate) fn each_stand(name: &str, settings: &[(&str, &str)], test: impl Fn(&Stand) + Sync) {
    thread::scope(|scope| {
        scope.spawn(|| on_kafka(name, settings, &test));
        on_the_mock_cluster(settings, &test);
    });
}

fn on_kafka(name: &str, settings: &[(&str, &str)], test: &impl Fn(&Stand)) {
    let relay = Relay::start_with(name, settings);
    test(&Stand { gateway: &relay.gateway, kafka: Kafka::shared(), topics: relay.topics.names() });
}

fn on_the_mock_cluster(settings: &[(&str, &str)], test: &impl Fn(&Stand)) {
    let cluster = MockCluster::new(1).expect("a mock cluster");
    let topics = ["mock.web", "mock.whatsapp", "mock.other", "mock.dead-letter"];
    for topic in topics {
        cluster.create_topic(topic, i32::from(PARTITIONS), 1).expect("a topic of the mock cluster");
    }
    let kafka = Kafka::running_at(cluster.bootstrap_servers());
    let gateway = support::gateway(kafka.bootstrap_servers(), topics, "");
    let gateway = support::with_settings(gateway, settings).start();
    gateway.wait_ready(READY_TIMEOUT);
    test(&Stand { gateway: &gateway, kafka: &kafka, topics });
}
