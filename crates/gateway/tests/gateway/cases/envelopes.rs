//! What is around the messages: JSON at all, a push at all, and how many messages.

use super::messages::message;
use super::{Case, Expected, check};

fn empty(name: &str, body: impl Into<Vec<u8>>) -> Case {
    Case::delivered(name, body, Vec::new())
}

#[test]
fn a_body_that_is_not_json_in_utf8_is_4000() {
    let m = message(&[]);
    let bodies: Vec<Vec<u8>> = vec![
        b"".into(),
        b" \r\n\t".into(),
        b"\xef\xbb\xbf{\"timestamp\":1,\"messages\":[]}".into(),
        b"{\"timestamp\":1,\"messages\":[]}\xef\xbb\xbf".into(),
        b"\xff\xfe{\x00}\x00".into(),
        b"{\"timestamp\":1,\"messages\":[],\"x\":\"\xff\"}".into(),
        b"{\"timestamp\":1,\"messages\":[],\"x\":\"\xc0\xaf\"}".into(),
        b"{\"timestamp\":1,\"messages\":[],\"x\":\"\xed\xa0\x80\"}".into(),
        b"{\"timestamp\":1,\"messages\":[],\"\x80\":1}".into(),
        b"{\"timestamp\":1,\"messages\":[],\"x\":\"\n\"}".into(),
        b"{\"timestamp\":1,\"messages\":[],\"x\":\"\0\"}".into(),
        br#"{"timestamp":1,"messages":[],"x":"\x41"}"#.into(),
        br#"{"timestamp":1,"messages":[],"x":"\u12g4"}"#.into(),
        br#"{"timestamp":1,"messages":[]} x"#.into(),
        br#"{"timestamp":1,"messages":[]}{}"#.into(),
        br#"{"timestamp":1,"messages":[]},"#.into(),
        br#"{"timestamp":1,"messages":[]"#.into(),
        br#"{"timestamp":1,"messages":[],}"#.into(),
        br#"{"timestamp":01,"messages":[]}"#.into(),
        br#"{"timestamp":+1,"messages":[]}"#.into(),
        br#"{"timestamp":1.,"messages":[]}"#.into(),
        br#"{"timestamp":NaN,"messages":[]}"#.into(),
        br"{'timestamp':1,'messages':[]}".into(),
        br"{timestamp:1,messages:[]}".into(),
        br#"{"timestamp":1 "messages":[]}"#.into(),
        br#"{"timestamp":1,"messages":[]}//"#.into(),
        b"{\"timestamp\":1,\"messages\":[]}\0".into(),
        "{\"timestamp\":1,\u{a0}\"messages\":[]}".into(),
        format!(r#"{{"timestamp":1,"messages":[{m},{m}"#).into(),
        format!(r#"{{"timestamp":1,"messages":[{m},{}]}}"#, m.replace(r#""Hello""#, "Hello")).into(),
    ];
    // Checked over the whole body first, so before what makes it no push.
    let precedence = [br#"{"messages":1} x"#.as_slice(), b"[1", b"{\"messages\":{}, \"timestamp\":\"\xff\"}"];
    let cases: Vec<_> = bodies
        .into_iter()
        .chain(precedence.map(<[u8]>::to_vec))
        .map(|body| Case::refused(&String::from_utf8_lossy(&body), body.as_slice(), 400, "4000"))
        .collect();
    check("not-json", &[], &cases);
}

#[test]
fn json_that_is_not_a_push_is_4001() {
    let m = message(&[]);
    let bodies = [
        "null".to_owned(),
        "1".to_owned(),
        "\"text\"".to_owned(),
        "true".to_owned(),
        "{}".to_owned(),
        format!("[{m}]"),
        m.clone(),
        "[1,[]]".to_owned(),
        r#"{"timestamp":1}"#.to_owned(),
        r#"{"messages":[]}"#.to_owned(),
        r#"{"timestamp":1,"messages":null}"#.to_owned(),
        r#"{"timestamp":1,"messages":"[]"}"#.to_owned(),
        format!(r#"{{"timestamp":1,"messages":{m}}}"#),
        r#"{"timestamp":1,"Messages":[]}"#.to_owned(),
        format!(r#"{{"timestamp":1,"messages":[{m}],"messages":[{m}]}}"#),
        format!(r#"{{"timestamp":1,"messages":[{m}],"message\u0073":null}}"#),
        r#"{"timestamp":1,"messages":[],"timestamp":1}"#.to_owned(),
        r#"{"timestamp":1,"messages":[],"\u0074imestamp":2}"#.to_owned(),
        r#"{"timestamp":null,"messages":[]}"#.to_owned(),
        r#"{"timestamp":true,"messages":[]}"#.to_owned(),
        r#"{"timestamp":[1],"messages":[]}"#.to_owned(),
        r#"{"timestamp":1.0,"messages":[]}"#.to_owned(),
        r#"{"timestamp":1e3,"messages":[]}"#.to_owned(),
        r#"{"timestamp":1E0,"messages":[]}"#.to_owned(),
        r#"{"timestamp":9223372036854775808,"messages":[]}"#.to_owned(),
        r#"{"timestamp":-9223372036854775809,"messages":[]}"#.to_owned(),
        r#"{"timestamp":1e400,"messages":[]}"#.to_owned(),
    ];
    let cases = bodies.map(|body| Case::refused(&body, body.as_str(), 400, "4001"));
    check("no-pushes", &[], &cases);
}

#[test]
fn other_fields_of_the_envelope_only_need_to_be_json() {
    let deep = format!(r#"{{"x":{}1{},"timestamp":1,"messages":[]}}"#, "[".repeat(5000), "]".repeat(5000));
    let cases = [
        empty("whitespace", " \r\n\t{ \"messages\" : [ ] ,\n\"timestamp\" : 1 } \n"),
        empty("escaped names", r#"{"\u006dessages":[],"time\u0073tamp":1}"#),
        empty("another field twice", r#"{"x":1,"x":[],"timestamp":1,"messages":[]}"#),
        empty("an overflowing number", r#"{"x":[1e400],"timestamp":1,"messages":[]}"#),
        empty("an unpaired surrogate", r#"{"x":"\ud800","\udfff":1,"timestamp":1,"messages":[]}"#),
        empty("deep nesting", deep),
        empty(
            "messages inside another field",
            r#"{"x":{"messages":1,"messages":2},"timestamp":1,"messages":[]}"#,
        ),
        empty("the smallest timestamp", r#"{"timestamp":-9223372036854775808,"messages":[]}"#),
    ];
    check("envelopes", &[], &cases);
}

#[test]
fn the_envelopes_timestamp_goes_into_the_header_as_an_integer() {
    let cases =
        [("0", 0), ("-0", 0), ("-1", -1), ("9223372036854775807", i64::MAX)].map(|(text, timestamp)| {
            let value = message(&[("content", &format!("\"{text}\""))]);
            let body = format!(r#"{{"messages":[{value}],"timestamp":{text}}}"#);
            Case::delivered(text, body, vec![Expected::message(&value).timestamp(timestamp)])
        });
    check("timestamps", &[], &cases);
}

#[test]
fn a_push_of_more_messages_than_allowed_is_4132() {
    let body = |count: usize, rest: &str| {
        let messages: Vec<_> = (0..count).map(|n| message(&[("content", &format!("\"{n}\""))])).collect();
        format!(r#"{{"messages":[{}]{rest}"#, messages.join(","))
    };
    let three = (0..3).map(|n| message(&[("content", &format!("\"{n}\""))]));
    let three = three.map(|value| Expected::message(&value).timestamp(1)).collect();
    let cases = [
        Case::delivered("as many as allowed", body(3, ",\"timestamp\":1}"), three),
        Case::refused("one more", body(4, ",\"timestamp\":1}"), 413, "4132"),
        Case::refused(
            "many more, of any kind",
            r#"{"timestamp":1,"messages":[1,2,[],{},null]}"#,
            413,
            "4132",
        ),
        Case::refused("not a push first", body(4, "}"), 400, "4001"),
        Case::refused("not JSON first", body(4, ",\"timestamp\":1}}"), 400, "4000"),
    ];
    check("counts", &[("limits.batch_messages", "3")], &cases);
    let body = format!(r#"{{"timestamp":1,"messages":[{}1]}}"#, "1,".repeat(1000));
    check("default-counts", &[], &[Case::refused("1001 messages", body, 413, "4132")]);
}
