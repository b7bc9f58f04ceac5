//! What HTTP allows on a connection: reuse after a refusal, pipelining, `Expect`, HTTP/1.0.

use aicc_testkit::http::Connection;

use super::{connection_with, serves};
use crate::support::{EMPTY_PUSH, PATH, Relay, Request, Signer, expect, unix_ms};

fn signed() -> Request {
    Request::push(EMPTY_PUSH).signed()
}

#[test]
fn a_connection_is_of_use_after_a_refusal() {
    let relay = Relay::start("kept");
    let old = Signer { timestamp: (unix_ms() - 3_600_000).to_string(), ..Signer::default() };
    let wrong = Signer { secret: "wrong".to_owned(), ..Signer::default() };
    let bare = || Request::push("").without("Content-Type");
    // Either without a body, or with one that is read. After a body that is not read the gateway may close.
    let refused = [
        (404, "4040", bare().target("/other")),
        (405, "4050", bare().method("GET")),
        (415, "4150", Request::push("").replace("Content-Type", "text/plain")),
        (401, "4010", bare()),
        (401, "4012", bare().signed_by(&old)),
        (401, "4011", Request::push(EMPTY_PUSH).signed_by(&wrong)),
        (400, "4000", Request::push("{").signed()),
        (400, "4001", Request::push("{}").signed()),
    ];
    let mut kept = Connection::open(relay.server()).expect("a connection");
    for (status, code, request) in &refused {
        kept.send(&request.to_bytes()).unwrap_or_else(|error| panic!("before {code}: {error}"));
        let response = kept.receive().unwrap_or_else(|error| panic!("no {code}: {error}"));
        expect(code, &response, *status, code);
        assert_ne!(response.header("connection"), Some("close"), "{code}");
        kept.send(&signed().to_bytes()).unwrap_or_else(|error| panic!("after {code}: {error}"));
        let response = kept.receive().unwrap_or_else(|error| panic!("no answer after {code}: {error}"));
        expect(&format!("after {code}"), &response, 200, "0");
    }
}

#[test]
fn a_connection_with_an_unread_body_is_of_use_or_says_that_it_closes() {
    let relay = Relay::start("unread");
    for (status, code, request) in [
        (404, "4040", signed().target("/other")),
        (405, "4050", signed().method("PUT")),
        (415, "4150", signed().replace("Content-Type", "text/plain")),
        (401, "4010", Request::push(EMPTY_PUSH)),
    ] {
        let mut connection = connection_with(&relay, &request.to_bytes());
        let response = connection.receive().expect("an answer");
        expect(code, &response, status, code);
        if response.header("connection") == Some("close") {
            assert!(connection.is_closed().expect("the connection's end"), "{code}");
        } else {
            connection.send(&signed().to_bytes()).expect("a kept connection");
            expect(&format!("after {code}"), &connection.receive().expect("an answer"), 200, "0");
        }
    }
}

#[test]
fn pipelined_pushes_are_answered_in_order() {
    let relay = Relay::start("pipelined");
    let ids = ["first", "second", "third", "fourth"];
    let pushes = ids.map(|id| signed().with("X-Request-Id", id).to_bytes());
    let mut connection = connection_with(&relay, &pushes.concat());
    for id in ids {
        let response = connection.receive().expect("an answer");
        expect(id, &response, 200, "0");
        assert_eq!(response.header("x-request-id"), Some(id));
    }
}

#[test]
fn who_expects_to_be_told_to_continue_is_told_so_or_refused() {
    let relay = Relay::start("expect");
    let request = signed().with("Expect", "100-continue");
    let mut connection = connection_with(&relay, request.head().as_bytes());
    assert_eq!(connection.receive().expect("an interim answer").status, 100);
    connection.send(&request.body).expect("a body that is taken");
    expect("continued", &connection.receive().expect("an answer"), 200, "0");

    let request = Request::push(EMPTY_PUSH).with("Expect", "100-continue");
    let mut connection = connection_with(&relay, request.head().as_bytes());
    let mut response = connection.receive().expect("an answer");
    if response.status == 100 {
        response = connection.receive().expect("an answer after the interim one");
    }
    expect("without a credential", &response, 401, "4010");
}

#[test]
fn http_1_0_and_absolute_targets_are_served() {
    let relay = Relay::start("old-http");
    let old = |request: Request| {
        let text = String::from_utf8(request.to_bytes()).expect("text");
        text.replacen("HTTP/1.1", "HTTP/1.0", 1)
    };
    for (name, request, status, code) in [
        ("signed", signed(), 200, "0"),
        ("not signed", Request::push(EMPTY_PUSH), 401, "4010"),
        ("another path", signed().target("/"), 404, "4040"),
    ] {
        let mut connection = connection_with(&relay, old(request).as_bytes());
        expect(name, &connection.receive().expect("an answer"), status, code);
        assert!(
            connection.is_closed().expect("the connection's end"),
            "{name}: HTTP/1.0 keeps no connection"
        );
    }
    // The path alone is signed.
    let absolute = signed().target(&format!("http://relay.example.com{PATH}"));
    expect("absolute", &relay.send(&absolute), 200, "0");
    let absolute = signed().target("http://relay.example.com/");
    expect("absolute, another path", &relay.send(&absolute), 404, "4040");
    serves(&relay);
}
