//! The dedup window: a push that is repeated is acknowledged and not published again.

use std::thread;

use crate::support::{Relay, Request, SUCCESS, Signer, unix_ms};

fn message(content: &str) -> String {
    format!(
        r#"{{"from":"1","channel":"WEB","to":"2","controlType":"CHAT","mediaType":"TEXT","content":"{content}","sourceType":"AGENT","timestamp":3}}"#
    )
}

fn body(contents: &[&str]) -> String {
    let messages: Vec<_> = contents.iter().map(|content| message(content)).collect();
    format!(r#"{{"timestamp":1,"messages":[{}]}}"#, messages.join(","))
}

#[track_caller]
fn acknowledged(relay: &Relay, request: &Request) {
    let response = relay.send(request);
    assert_eq!((response.status, String::from_utf8_lossy(&response.body).as_ref()), (200, SUCCESS));
}

/// The values in Kafka, in their order: there is one key.
fn values(relay: &Relay, count: usize) -> Vec<String> {
    let records = relay.records(count);
    records
        .into_iter()
        .map(|record| String::from_utf8(record.value.expect("a value")).expect("text"))
        .collect()
}

fn messages(contents: &[&str]) -> Vec<String> {
    contents.iter().map(|content| message(content)).collect()
}

#[test]
fn the_same_messages_are_published_once_whatever_is_around_them() {
    let relay = Relay::start("repeats");
    let [a, b] = ["a", "b"].map(message);
    let first = Request::push(body(&["a", "b"]));
    acknowledged(&relay, &first.clone().signed());
    let later = Signer { timestamp: (unix_ms() + 1000).to_string(), ..Signer::default() };
    let envelope = format!(
        r#"{{ "other": [1], "messages" : [ {a} ,
        {b} ], "timestamp":2}}"#
    );
    for repeated in [
        first.clone().signed(),
        first.clone().with("X-Request-Id", "another").signed(),
        first.signed_by(&later),
        Request::push(envelope)
            .with("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
            .signed(),
    ] {
        acknowledged(&relay, &repeated);
    }
    assert_eq!(values(&relay, 2), messages(&["a", "b"]));
}

#[test]
fn another_order_another_byte_or_another_number_is_another_batch() {
    let relay = Relay::start("others");
    let spaced = body(&["a"]).replace(r#""from":"1""#, r#""from": "1""#);
    for body in
        [body(&["a", "b"]), body(&["b", "a"]), body(&["a"]), spaced, body(&["A"]), body(&["a", "b", "a"])]
    {
        for _ in 0..2 {
            acknowledged(&relay, &Request::push(body.as_str()).signed());
        }
    }
    let mut expected = messages(&["a", "b", "b", "a", "a"]);
    expected.push(message("a").replace(r#""from":"1""#, r#""from": "1""#));
    expected.extend(messages(&["A", "a", "b", "a"]));
    assert_eq!(values(&relay, expected.len()), expected);
}

#[test]
fn a_repeated_dead_letter_gets_the_first_answer_again() {
    let relay = Relay::start("dead-repeats");
    let body = body(&["a"]).replace(r#""to":"2","#, "");
    let first = relay.push(body.as_str());
    let again = relay.push(body);
    assert_eq!((first.status, again.status), (200, 200));
    assert!(String::from_utf8_lossy(&first.body).contains("to: required"));
    assert_eq!(first.body, again.body);
    assert_eq!(relay.records(1).len(), 1);
}

#[test]
fn a_window_of_0_publishes_again() {
    let relay = Relay::start_with("no-window", &[("dedup.window", "0s")]);
    for _ in 0..3 {
        acknowledged(&relay, &Request::push(body(&["a"])).signed());
    }
    assert_eq!(values(&relay, 3), messages(&["a", "a", "a"]));
}

#[test]
fn what_is_older_than_the_window_or_beyond_its_capacity_is_published_again() {
    let relay = Relay::start_with("capacity", &[("dedup.capacity", "2")]);
    for content in ["a", "b", "c", "c", "b", "a"] {
        acknowledged(&relay, &Request::push(body(&[content])).signed());
    }
    assert_eq!(values(&relay, 4), messages(&["a", "b", "c", "a"]));
    let relay = Relay::start_with("age", &[("dedup.window", "1ms")]);
    acknowledged(&relay, &Request::push(body(&["a"])).signed());
    thread::sleep(std::time::Duration::from_millis(5));
    acknowledged(&relay, &Request::push(body(&["a"])).signed());
    assert_eq!(values(&relay, 2), messages(&["a", "a"]));
}

#[test]
fn identical_pushes_at_the_same_time_publish_once() {
    // Waits long enough for a batch that the others find it in flight.
    let settings = [("kafka.properties.queue_buffering_max_ms", "300")];
    let relay = Relay::start_with("at-once", &settings);
    thread::scope(|scope| {
        for n in 0..16 {
            let request =
                Request::push(body(&["a", "b"])).with("X-Request-Id", &format!("push-{n}")).signed();
            let relay = &relay;
            scope.spawn(move || acknowledged(relay, &request));
        }
    });
    assert_eq!(values(&relay, 2), messages(&["a", "b"]));
}
