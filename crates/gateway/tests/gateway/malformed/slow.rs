//! Bodies that do not arrive in time.

use std::io::ErrorKind;
use std::thread;
use std::time::{Duration, Instant};

use super::{chunked, connection_with, serves};
use crate::support::{EMPTY_PUSH, Relay, Request, expect};

/// Slack for a busy machine.
const SLACK: Duration = Duration::from_millis(1500);

fn relay(name: &str, request_timeout: &str) -> Relay<'static> {
    Relay::start_with(name, &[("server.request_timeout", request_timeout), ("kafka.publish_timeout", "1s")])
}

#[test]
fn a_body_that_stalls_is_4080_in_time() {
    // 4 s - 1 s - 1 s.
    let (relay, limit) = (relay("stalled", "4s"), Duration::from_secs(2));
    let heads = [Request::push(EMPTY_PUSH).signed().head(), chunked(EMPTY_PUSH).head()];
    let starts = [("nothing", ""), ("a beginning", "1")];
    thread::scope(|scope| {
        for (name, sent) in starts {
            for head in &heads {
                let relay = &relay;
                scope.spawn(move || {
                    let started = Instant::now();
                    let mut connection = connection_with(relay, head.as_bytes());
                    connection.send(sent.as_bytes()).expect("a body that is taken");
                    expect(name, &connection.receive().expect("an answer"), 408, "4080");
                    let took = started.elapsed();
                    assert!((limit..limit + SLACK).contains(&took), "{name}: answered after {took:?}");
                });
            }
        }
    });
    serves(&relay);
}

#[test]
fn a_body_that_drips_is_4080_in_time() {
    let (relay, limit) = (relay("dripping", "3s"), Duration::from_secs(1));
    let request = Request::push(format!("{EMPTY_PUSH}{}", " ".repeat(1000))).signed();
    let started = Instant::now();
    let mut connection = connection_with(&relay, request.head().as_bytes());
    connection.set_read_timeout(Duration::from_millis(100)).expect("a time-out");
    let mut bytes = request.body.chunks(1);
    let response = loop {
        let _ = connection.send(bytes.next().expect("an answer before the body is sent"));
        match connection.receive() {
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            response => break response.expect("an answer"),
        }
    };
    let took = started.elapsed();
    expect("dripping", &response, 408, "4080");
    assert!((limit..limit + SLACK).contains(&took), "answered after {took:?}");
    serves(&relay);
}

#[test]
fn the_time_runs_from_the_first_byte_of_the_head() {
    // 6 s - 1 s - 1 s.
    let (relay, limit) = (relay("slow-head", "6s"), Duration::from_secs(4));
    let head = Request::push(EMPTY_PUSH).signed().head();
    let (first, second) = head.split_at(head.len() / 2);
    let started = Instant::now();
    let mut connection = connection_with(&relay, first.as_bytes());
    // Not a wait for something: the slowness is what is tested.
    thread::sleep(Duration::from_millis(2500));
    connection.send(second.as_bytes()).expect("a head that is taken");
    expect("a slow head", &connection.receive().expect("an answer"), 408, "4080");
    let took = started.elapsed();
    assert!((limit..limit + SLACK).contains(&took), "answered after {took:?}");
}

#[test]
fn neither_a_connection_opened_ahead_nor_one_used_before_takes_time_from_a_push() {
    // 3 s - 1 s - 1 s, and longer than that without a word.
    let (relay, idle) = (relay("ahead", "3s"), Duration::from_millis(1500));
    let push = Request::push(EMPTY_PUSH).signed();
    let (head, body) = (push.head(), &push.body);
    for (name, before) in
        [("opened ahead", None), ("used before", Some("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"))]
    {
        let mut connection = connection_with(&relay, before.unwrap_or_default().as_bytes());
        if before.is_some() {
            expect(name, &connection.receive().expect("an answer"), 404, "4040");
        }
        // Not a wait for something: the idleness is what is tested.
        thread::sleep(idle);
        connection.send(head.as_bytes()).expect("a head that is taken");
        thread::sleep(Duration::from_millis(50));
        connection.send(body).expect("a body that is taken");
        expect(name, &connection.receive().expect("an answer"), 200, "0");
    }
}
