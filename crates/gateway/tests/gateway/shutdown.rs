//! The end: announced, served on, closed, drained; and in time, whatever Kafka does.

use std::thread;
use std::time::{Duration, Instant};

use aicc_testkit::http::{Connection, Response};
use aicc_testkit::{GatewayProcess, Kafka, Signal, wait_until};

use crate::admin::{get, readiness, sample};
use crate::batch::{Batch, Landed};
use crate::support::{PARTITIONS, Relay, Request, code, gateway, send};

const TIMEOUT: Duration = Duration::from_secs(30);
const SHUTDOWN_DELAY: Duration = Duration::from_secs(2);

/// One broker for all of them, one after the other.
#[test]
fn the_gateway_ends_in_order_and_in_time() {
    let kafka = Kafka::start(1);
    in_order("SIGTERM", Signal::TERM, &kafka);
    in_order("SIGINT", Signal::INT, &kafka);
    let begin_pause = || kafka.broker(0).pause();
    let begin_kill = || kafka.broker(0).kill();
    without_kafka("a broker that stays paused", &kafka, begin_pause);
    kafka.broker(0).resume();
    without_kafka("a broker that stays dead", &kafka, begin_kill);
}

/// With a push in flight when pushes are no longer taken, whose answer Kafka delays.
fn in_order(scenario: &str, signal: Signal, kafka: &Kafka) {
    let settings = [
        ("server.shutdown_delay", "2s"),
        ("server.request_timeout", "15s"),
        ("kafka.publish_timeout", "12s"),
    ];
    let relay = Relay::on(kafka, "end", &settings, "");
    let (server, admin) = (relay.server(), relay.gateway.admin());
    let mut kept = Connection::open(server).unwrap();
    let early = Batch::new("early", 3);
    kept.send(&early.request().to_bytes()).unwrap();
    let before = kept.receive().unwrap();
    assert_eq!((code(&before).as_str(), closes(&before)), ("0", false), "{scenario}: before the signal");

    relay.gateway.signal(signal);
    let signalled = Instant::now();
    wait_until(Duration::from_secs(1), &format!("{scenario}: /readyz fails"), || readiness(admin).0 == 503);
    assert_eq!(get(admin, "/livez").status, 200, "{scenario}");
    let meanwhile = Batch::new("meanwhile", 3);
    kept.send(&meanwhile.request().to_bytes()).unwrap();
    let during = kept.receive().unwrap();
    assert_eq!((code(&during).as_str(), closes(&during)), ("0", true), "{scenario}: a kept connection");
    for (request, expected) in [
        (Request::push("").target("/"), "4040"),
        (Request::push("").method("PUT"), "4050"),
        (Request::push(""), "4010"),
    ] {
        let refused = send(server, &request);
        assert_eq!((code(&refused).as_str(), closes(&refused)), (expected, true), "{scenario}");
    }

    kafka.broker(0).pause();
    let in_flight = Batch::new("in flight", 20);
    let late = Batch::new("late", 3);
    thread::scope(|scope| {
        let delayed = scope.spawn(|| send(server, &in_flight.request()));
        wait_for_messages_in_flight(&relay.gateway);
        assert!(signalled.elapsed() < SHUTDOWN_DELAY, "{scenario}: this machine is too slow for the test");
        wait_until(TIMEOUT, &format!("{scenario}: pushes are no longer taken"), || {
            signalled.elapsed() >= SHUTDOWN_DELAY
                && Connection::open(server).is_ok_and(|mut connection| {
                    // Not authenticated even: the end comes before the credential.
                    connection.send(&Request::push("").to_bytes()).is_ok()
                        && connection.receive().is_ok_and(|answer| code(&answer) == "5032")
                })
        });
        let refused = send(server, &late.request());
        assert_eq!((refused.status, code(&refused).as_str()), (503, "5032"), "{scenario}");
        assert!(closes(&refused), "{scenario}: 5032");
        kafka.broker(0).resume();
        let delayed = delayed.join().unwrap();
        assert_eq!((code(&delayed).as_str(), closes(&delayed)), ("0", true), "{scenario}: in flight");
    });

    ends(scenario, &relay.gateway, signalled, SHUTDOWN_DELAY + Duration::from_secs(15));
    let landed = Landed::new(relay.records(early.len() + meanwhile.len() + in_flight.len()));
    [early, meanwhile, in_flight].iter().for_each(|batch| landed.has_once(batch, scenario));
    landed.lacks(&late, scenario);
}

/// With a push in flight that never gets its acknowledgement.
fn without_kafka(scenario: &str, kafka: &Kafka, begin: impl Fn()) {
    let settings = [
        ("server.shutdown_delay", "500ms"),
        ("server.request_timeout", "4s"),
        ("kafka.publish_timeout", "2s"),
    ];
    let relay = Relay::on(kafka, "end", &settings, "");
    begin();
    thread::scope(|scope| {
        let batch = Batch::new("in flight", 20);
        let server = relay.server();
        let in_flight = scope.spawn(move || batch.push(server));
        wait_for_messages_in_flight(&relay.gateway);
        relay.gateway.signal(Signal::TERM);
        let signalled = Instant::now();
        in_flight.join().unwrap().is(504, "5040", scenario);
        ends(scenario, &relay.gateway, signalled, Duration::from_millis(4500));
    });
}

#[test]
fn a_gateway_that_never_saw_kafka_ends_in_time() {
    let gateway =
        gateway("127.0.0.1:1", ["a", "b", "c", "d"], "").env("AICC_SERVER__SHUTDOWN_DELAY", "500ms").start();
    gateway.signal(Signal::TERM);
    // Nothing is in flight, so nothing is waited for.
    ends("Kafka was never there", &gateway, Instant::now(), Duration::from_millis(500));
}

#[test]
fn sighup_ends_nothing() {
    let kafka = Kafka::shared();
    let topics = kafka.topics("sighup", PARTITIONS);
    let gateway = gateway(kafka.bootstrap_servers(), topics.names(), "").start();
    gateway.wait_ready(TIMEOUT);

    gateway.signal(Signal::HUP);

    wait_until(TIMEOUT, "the log mentions it", || gateway.log().contains("SIGHUP"));
    Batch::new("after SIGHUP", 3).push(gateway.server()).is(200, "0", "after SIGHUP");
    assert_eq!(readiness(gateway.admin()).0, 200);
    gateway.signal(Signal::TERM);
    assert_eq!(gateway.wait_exit(TIMEOUT).code(), Some(0));
}

fn wait_for_messages_in_flight(gateway: &GatewayProcess) {
    wait_until(TIMEOUT, "a push is in flight", || {
        sample(gateway.admin(), "aicc_gateway_inflight_messages").is_some_and(|messages| messages > 0.0)
    });
}

/// Asserts that the gateway ends well, at most 2 s after `serving` is over.
#[track_caller]
fn ends(scenario: &str, gateway: &GatewayProcess, signalled: Instant, serving: Duration) {
    let status = gateway.wait_exit(serving + Duration::from_secs(10));
    let took = signalled.elapsed();
    assert_eq!(status.code(), Some(0), "{scenario}: {}", gateway.log());
    assert!(took <= serving + Duration::from_secs(2), "{scenario}: it took {took:?}: {}", gateway.log());
}

/// Whether an answer says that its connection ends.
fn closes(answer: &Response) -> bool {
    answer.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
}
