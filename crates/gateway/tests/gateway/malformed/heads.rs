//! Heads that cannot be parsed: the HTTP server's own answer, and no harm.

use aicc_testkit::http::Connection;

use super::serves;
use crate::support::{EMPTY_PUSH, PATH, Relay, Request};

#[test]
fn a_head_that_cannot_be_parsed_gets_an_answer_and_the_gateway_lives_on() {
    let relay = Relay::start("heads");
    let signed = Request::push(EMPTY_PUSH).signed();
    let with = |line: &str| signed.head().replace("\r\n\r\n", &format!("\r\n{line}\r\n\r\n"));
    let many: Vec<_> = (0..500).map(|n| format!("X-{n}: 1")).collect();
    let many = many.join("\r\n");
    let heads: Vec<(&str, Vec<u8>)> = vec![
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec()),
        ("binary", (0..=255).chain(*b"\r\n\r\n").collect()),
        ("one word", b"POST\r\n\r\n".to_vec()),
        ("no version", format!("POST {PATH}\r\n\r\n").into()),
        ("another version", format!("POST {PATH} HTTP/9.9\r\n\r\n").into()),
        ("another protocol", format!("POST {PATH} SIP/2.0\r\n\r\n").into()),
        ("a space in the target", "POST /web hooks HTTP/1.1\r\nHost: a\r\n\r\n".into()),
        ("a method that is no token", format!("PO(ST {PATH} HTTP/1.1\r\nHost: a\r\n\r\n").into()),
        ("a header without a colon", with("Broken").into()),
        ("a header without a name", with(": 1").into()),
        ("a space in a name", with("X Y: 1").into()),
        ("a NUL in a value", with("X-Y: a\0b").into()),
        ("a bare CR in a value", with("X-Y: a\rb").into()),
        ("a length that is no number", with("Content-Length: ten").into()),
        ("a negative length", with("Content-Length: -1").into()),
        ("a length that overflows", with("Content-Length: 99999999999999999999999").into()),
        ("two lengths", with("Content-Length: 3").into()),
        ("a signed length", signed.clone().with("Content-Length", "+29").to_bytes()),
        ("length and chunks", with("Transfer-Encoding: chunked").into()),
        ("an unknown transfer coding", signed.clone().with("Transfer-Encoding", "gzip").to_bytes()),
        ("many headers", format!("POST {PATH} HTTP/1.1\r\n{many}\r\n\r\n").into()),
        ("a long header", with(&format!("X-Y: {}", "a".repeat(1 << 20))).into()),
        ("a long target", format!("POST /{} HTTP/1.1\r\n\r\n", "a".repeat(1 << 20)).into()),
        ("an endless line", vec![b'a'; 1 << 20]),
    ];
    for (name, head) in heads {
        let mut connection = Connection::open(relay.server()).expect("a connection");
        // Fails where the gateway has answered and closed.
        let _ = connection.send(&head);
        let _ = connection.half_close();
        let response = connection.receive().unwrap_or_else(|error| panic!("{name}: no answer: {error}"));
        assert!(matches!(response.status, 400 | 408 | 413 | 414 | 431 | 501 | 505), "{name}: {response:?}");
        if !response.body.is_empty() {
            assert!(response.json()["resultCode"].is_string(), "{name}: {response:?}");
        }
    }
    serves(&relay);
    assert!(!relay.gateway.log().contains("panicked"));
}

#[test]
fn connections_that_say_nothing_do_no_harm() {
    let relay = Relay::start("silent");
    let silent: Vec<_> = (0..50).map(|_| Connection::open(relay.server()).expect("a connection")).collect();
    let half = Request::push(EMPTY_PUSH).signed().head();
    let mut halves: Vec<_> =
        (0..50).map(|_| Connection::open(relay.server()).expect("a connection")).collect();
    halves.iter_mut().for_each(|connection| connection.send(&half.as_bytes()[..30]).expect("half a head"));
    serves(&relay);
    drop((silent, halves));
    serves(&relay);
}
