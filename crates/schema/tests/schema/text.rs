//! Encodings, and bodies made to hurt a parser.

use aicc_schema::{PushError, parse};

use crate::support::{message, message_and, push, with_valid};

fn not_json(body: &[u8]) -> (usize, &'static str) {
    match parse(body, 1000).unwrap_err() {
        PushError::NotJson { offset, problem } => (offset, problem),
        other => panic!("{other}"),
    }
}

#[test]
fn a_byte_order_mark_is_refused() {
    let body = push(&[]);
    assert_eq!(not_json(format!("\u{FEFF}{body}").as_bytes()), (0, "a byte order mark"));
    let utf16: Vec<u8> = body.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(not_json(&utf16).0, 1);
}

#[test]
fn bytes_that_are_not_utf8_are_refused_wherever_they_stand() {
    for broken in [&b"\xFF"[..], b"\xC0\x80", b"\xED\xA0\x80", b"\xE5\xBC", b"\xF4\x90\x80\x80"] {
        let mut body = br#"{"timestamp":1,"messages":[],"x":""#.to_vec();
        let offset = body.len();
        body.extend_from_slice(broken);
        body.extend_from_slice(br#""}"#);
        assert_eq!(not_json(&body), (offset, "bytes that are not UTF-8"));
    }
    assert_eq!(not_json(b"{}\xFF"), (2, "bytes that are not UTF-8"));
}

#[test]
fn control_characters_are_only_allowed_escaped() {
    for byte in 0..0x20u8 {
        let raw = message(&[("content", &format!("\"a{}b\"", char::from(byte)))]);
        assert_eq!(not_json(push(&[&raw]).as_bytes()).1, "a control character in a string");
        let escaped = message(&[("content", &format!(r#""a\u{byte:04X}b""#))]);
        with_valid(&escaped, |message| assert_eq!(message.raw, escaped));
    }
    with_valid(&message_and("\"x\":\"\u{7F}\u{2028}\u{FFFF}\""), |_| ());
}

#[test]
fn four_megabytes_of_brackets_need_no_stack() {
    const SIZE: usize = 4 << 20;
    for bracket in ["[", r#"{"a":"#] {
        let open = bracket.repeat(SIZE / bracket.len());
        assert_eq!(not_json(open.as_bytes()), (open.len(), "the body ends too early"));
        let body = format!(r#"{{"timestamp":1,"messages":[{open}"#);
        assert_eq!(not_json(body.as_bytes()), (body.len(), "the body ends too early"));
    }
    let body = format!(r#"{{"timestamp":1,"messages":[],"x":{}{}}}"#, "[".repeat(SIZE), "]".repeat(SIZE));
    assert_eq!(parse(body.as_bytes(), 1).unwrap().count, 0);
}

#[test]
fn a_body_cut_short_anywhere_is_not_json() {
    let body = push(&[&message_and(r#""x":[1.5e-3,true,null,{"y":"\u00e9\n张"}]"#), "false"]);
    assert!(parse(body.as_bytes(), 2).is_ok());
    for end in 0..body.len() {
        not_json(&body.as_bytes()[..end]);
    }
}
