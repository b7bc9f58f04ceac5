//! Bodies in chunks, cut short, and larger than the limit.

use super::{chunked, connection_with, serves};
use crate::support::{EMPTY_PUSH, Relay, Request, expect};

const MESSAGE: &str = r#"{"from":"1","channel":"WEB","to":"2","controlType":"CHAT","mediaType":"TEXT","content":"😀","sourceType":"AGENT","timestamp":3}"#;

fn body() -> String {
    format!(r#"{{"timestamp":1,"messages":[{MESSAGE}]}}"#)
}

#[test]
fn a_body_in_chunks_of_any_size_is_a_body() {
    let relay = Relay::start("chunks");
    let body = body();
    let chunks = |size: usize, extension: &str| {
        let pieces = body.as_bytes().chunks(size);
        let mut bytes: Vec<u8> = pieces
            .flat_map(|piece| {
                let head = format!("{:X}{extension}\r\n", piece.len());
                [head.as_bytes(), piece, b"\r\n"].concat()
            })
            .collect();
        bytes.extend_from_slice(b"0\r\n\r\n");
        bytes
    };
    let head = chunked(&body).head();
    for (name, framed) in [("one", chunks(1000, "")), ("many", chunks(1, "")), ("some", chunks(17, ""))] {
        let mut connection = connection_with(&relay, head.as_bytes());
        connection.send(&framed).expect("a body that is taken");
        expect(name, &connection.receive().expect("an answer"), 200, "0");
    }
    let records = relay.records(1);
    assert_eq!(records.len(), 1, "the same push was repeated");
    assert_eq!(records[0].value.as_deref(), Some(MESSAGE.as_bytes()));
}

#[test]
fn a_body_that_ends_early_or_has_broken_chunks_is_4080() {
    let relay = Relay::start("cut");
    let body = body();
    let whole = Request::push(body.as_str()).signed();
    let (head, bytes) = (whole.head(), body.as_bytes());
    let chunked = chunked(&body).head();
    let broken: [(&str, &str, &[u8]); 9] = [
        ("nothing", &head, b""),
        ("half", &head, &bytes[..bytes.len() / 2]),
        ("all but one byte", &head, &bytes[..bytes.len() - 1]),
        ("no chunk", &chunked, b""),
        ("half a chunk", &chunked, b"20\r\n{\"times"),
        ("no last chunk", &chunked, b"2\r\n{}\r\n"),
        ("no size", &chunked, b"\r\n{}\r\n0\r\n\r\n"),
        ("a size that is no number", &chunked, b"zz\r\n{}\r\n0\r\n\r\n"),
        ("a size that overflows", &chunked, b"fffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
    ];
    for (name, head, sent) in broken {
        let mut connection = connection_with(&relay, head.as_bytes());
        // In a segment of its own, so that the handler waits for it.
        connection.send(sent).expect("a body that is taken");
        connection.half_close().expect("half a connection");
        let response = connection.receive().unwrap_or_else(|error| panic!("{name}: no answer: {error}"));
        expect(name, &response, 408, "4080");
    }
    serves(&relay);
    assert!(relay.records(0).is_empty());
}

#[test]
fn a_body_over_the_limit_is_4130_although_the_client_sends_on() {
    const LIMIT: usize = 10_000;
    let relay = Relay::start_with("large", &[("limits.body_bytes", "10000")]);
    let padded = |length: usize| format!("{EMPTY_PUSH}{}", " ".repeat(length - EMPTY_PUSH.len()));
    expect("at the limit", &relay.push(padded(LIMIT)), 200, "0");
    expect("a byte more", &relay.push(padded(LIMIT + 1)), 413, "4130");
    for megabytes in [1, 20] {
        let body = padded(megabytes << 20);
        expect(&format!("{megabytes} MiB"), &relay.push(body.as_str()), 413, "4130");
        let chunk = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
        let mut connection = connection_with(&relay, chunked(&body).head().as_bytes());
        // Fails where the gateway has closed, which it may once it has answered.
        let _ = connection.send(chunk.as_bytes());
        let response =
            connection.receive().unwrap_or_else(|error| panic!("{megabytes} MiB in chunks: {error}"));
        expect(&format!("{megabytes} MiB in chunks"), &response, 413, "4130");
    }
    // Answered before any of the body.
    let head = Request::push(padded(LIMIT + 1)).signed().head();
    let mut connection = connection_with(&relay, head.as_bytes());
    expect("announced only", &connection.receive().expect("an answer"), 413, "4130");
    let mut connection = connection_with(&relay, chunked(&padded(LIMIT)).head().as_bytes());
    let body = padded(LIMIT);
    connection
        .send(format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len()).as_bytes())
        .expect("a body that is taken");
    expect("at the limit, in chunks", &connection.receive().expect("an answer"), 200, "0");
    serves(&relay);
}
