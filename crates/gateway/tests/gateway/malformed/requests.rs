//! Wrong methods, paths, content types and encodings.

use aicc_testkit::http;

use super::serves;
use crate::support::{EMPTY_PUSH, PATH, Relay, Request, expect};

#[test]
fn another_method_is_4050() {
    let relay = Relay::start("methods");
    for method in ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE", "post", "Post", "POST2"] {
        let request = Request::push(EMPTY_PUSH).method(method).signed();
        expect(method, &relay.send(&request), 405, "4050");
    }
    let head = Request::push("").method("HEAD").to_bytes();
    let response = http::exchange(relay.server(), &head).expect("an answer");
    assert_eq!((response.status, response.header("allow")), (405, Some("POST")));
    assert!(response.header("x-request-id").is_some());
    serves(&relay);
}

#[test]
fn another_path_is_4040() {
    let relay = Relay::start("paths");
    let long = format!("{PATH}/{}", "a".repeat(8000));
    for path in [
        "/",
        "/webhooks",
        "/webhooks/v1/messages/",
        "/webhooks/v1/messages/1",
        "/webhooks/v1/messagesx",
        "/webhooks/v1/Messages",
        "/WEBHOOKS/v1/messages",
        "//webhooks/v1/messages",
        "/webhooks//v1/messages",
        "/webhooks/v1/./messages",
        "/x/../webhooks/v1/messages",
        "/webhooks/v1/messages%2F",
        "/webhooks/v1/messages;a=1",
        "/webhooks/v1/messages%00",
        "/webhooks%2Fv1/messages",
        "/%",
        "/?a=/webhooks/v1/messages",
        // Of the admin listener alone.
        "/livez",
        "/readyz",
        "/metrics",
        &long,
    ] {
        for method in ["POST", "GET"] {
            let request = Request::push(EMPTY_PUSH).method(method).target(path).signed();
            expect(&format!("{method} {path}"), &relay.send(&request), 404, "4040");
        }
    }
    serves(&relay);
}

#[test]
fn the_base_path_is_in_front() {
    let relay = Relay::start_with("base-path", &[("server.base_path", "/aicc/relay")]);
    let to = |path: &str| relay.send(&Request::push(EMPTY_PUSH).target(path).signed());
    expect("below it", &to("/aicc/relay/webhooks/v1/messages"), 200, "0");
    for path in [PATH, "/aicc/webhooks/v1/messages", "/aicc/relay", "/aicc/relay//webhooks/v1/messages"] {
        expect(path, &to(path), 404, "4040");
    }
}

#[test]
fn only_json_in_utf8_without_an_encoding_is_taken() {
    let relay = Relay::start("types");
    let typed = |value: &str| Request::push(EMPTY_PUSH).replace("Content-Type", value).signed();
    for value in [
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "application/json ; charset=UTF-8",
    ] {
        expect(value, &relay.send(&typed(value)), 200, "0");
    }
    for value in [
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=gbk",
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "application/json; charset=",
        "application/jsonl",
        "application/problem+json",
        "application",
        "json",
        "application/json, application/json",
        "*/*",
    ] {
        expect(&format!("the type {value:?}"), &relay.send(&typed(value)), 415, "4150");
    }
    let untyped = || Request::push(EMPTY_PUSH).without("Content-Type");
    expect("no type", &relay.send(&untyped().signed()), 200, "0");
    let twice =
        untyped().signed().with("Content-Type", "application/json").with("Content-Type", "application/json");
    expect("two types", &relay.send(&twice), 415, "4150");
    for encoding in ["identity", "Identity"] {
        let request = Request::push(EMPTY_PUSH).signed().with("Content-Encoding", encoding);
        expect(encoding, &relay.send(&request), 200, "0");
    }
    for encoding in ["gzip", "br", "deflate", "zstd", "x-gzip", "identity, gzip", "gzip, identity", "none"] {
        let request = Request::push(EMPTY_PUSH).signed().with("Content-Encoding", encoding);
        expect(encoding, &relay.send(&request), 415, "4150");
    }
    let twice =
        Request::push(EMPTY_PUSH).with("Content-Encoding", "identity").with("Content-Encoding", "gzip");
    expect("two encodings", &relay.send(&twice.signed()), 415, "4150");
}
