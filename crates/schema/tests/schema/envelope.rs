//! The envelope's rules, and which of several problems is reported.

use aicc_schema::{Message, PushError, ResultCode, parse};

use crate::support::{message, push};

fn error(body: &str, max_messages: usize) -> PushError {
    parse(body.as_bytes(), max_messages).unwrap_err()
}

fn rule(body: &str) -> &'static str {
    match error(body, 10) {
        PushError::NotAPush { rule } => rule,
        other => panic!("{other}: {body}"),
    }
}

#[test]
fn a_push_has_a_timestamp_and_messages() {
    let body = r#" {"timestamp":-5,"messages":[null,{}]} "#;
    let push = parse(body.as_bytes(), 2).unwrap();
    assert_eq!((push.timestamp, push.count, push.messages.len()), (-5, 2, 2));
    let empty = parse(br#"{"messages":[ ],"timestamp":9223372036854775807}"#, 0).unwrap();
    assert_eq!((empty.timestamp, empty.count, empty.messages.len()), (i64::MAX, 0, 0));
}

#[test]
fn the_body_is_an_object() {
    for body in ["[]", "null", "1", r#""timestamp""#, r#"[{"timestamp":1,"messages":[]}]"#] {
        assert_eq!(rule(body), "the body must be an object");
    }
}

#[test]
fn messages_is_there_once_and_an_array() {
    assert_eq!(rule("{}"), "messages: required");
    assert_eq!(rule(r#"{"timestamp":1,"Messages":[]}"#), "messages: required");
    for json in ["null", "{}", "1", r#""[]""#, "true"] {
        assert_eq!(rule(&format!(r#"{{"timestamp":1,"messages":{json}}}"#)), "messages: must be an array");
    }
    for (one, two) in [("[]", "[]"), ("[]", "null"), ("null", "[]"), ("{}", "[1]")] {
        for name in ["messages", r"m\u0065ssages"] {
            let body = format!(r#"{{"messages":{one},"timestamp":1,"{name}":{two}}}"#);
            assert_eq!(rule(&body), "messages: must not occur more than once");
        }
    }
}

#[test]
fn timestamp_is_there_once_and_an_integer() {
    assert_eq!(rule(r#"{"messages":[]}"#), "timestamp: required");
    for json in ["null", r#""1""#, "1.0", "1e3", "9223372036854775808", "1e400", "[]", "true"] {
        let rule = rule(&format!(r#"{{"timestamp":{json},"messages":[]}}"#));
        assert_eq!(rule, "timestamp: must be an integer of 64 bits, without fraction or exponent", "{json}");
    }
    for (one, two) in [("1", "1"), ("1", "null"), (r#""1""#, "1")] {
        for name in ["timestamp", r"\u0074imestamp"] {
            let body = format!(r#"{{"timestamp":{one},"messages":[],"{name}":{two}}}"#);
            assert_eq!(rule(&body), "timestamp: must not occur more than once");
        }
    }
}

#[test]
fn escaped_names_are_the_same_names() {
    let push = parse(br#"{"t\u0069mestamp":1,"message\u0073":[{}]}"#, 1).unwrap();
    assert_eq!((push.timestamp, push.count), (1, 1));
}

#[test]
fn other_fields_of_the_envelope_only_need_to_be_json() {
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    let more = format!(r#""x":{deep},"x":1e400,"\ud800":"\udc00","y":{{"messages":1,"timestamp":"no"}}"#);
    let body = format!(r#"{{{more},"messages":[{}],{more},"timestamp":1}}"#, message(&[]));
    let push = parse(body.as_bytes(), 1).unwrap();
    assert!(matches!(push.messages[..], [Message::Valid(_)]));
}

#[test]
fn messages_beyond_the_limit_are_counted_and_not_judged() {
    let body = push(&["{}", "null", r#"{"to":[[]]}"#]);
    assert_eq!(parse(body.as_bytes(), 3).unwrap().count, 3);
    for limit in 0..3 {
        assert_eq!(error(&body, limit), PushError::TooManyMessages { count: 3, limit });
    }
    assert_eq!(error(&body, 2).to_string(), "messages: 3 in one push, 2 are allowed");
}

#[test]
fn not_json_comes_before_not_a_push_before_too_many_messages() {
    for body in [r#"{"messages":[1,2,3],"timestamp":1}x"#, "[]]", r#"{"messages":1,"messages":2,"x":tru}"#] {
        assert_eq!(error(body, 1).result_code(), ResultCode::NotJson, "{body}");
    }
    for body in [r#"{"messages":[1,2,3]}"#, r#"{"messages":[1,2,3],"timestamp":1,"timestamp":1}"#] {
        assert_eq!(error(body, 1).result_code(), ResultCode::NotAPush, "{body}");
    }
    assert_eq!(error(r#"{"messages":[1,2],"timestamp":1}"#, 1).result_code(), ResultCode::TooManyMessages);
}

#[test]
fn an_error_names_the_place_and_no_content() {
    let body = r#"{"timestamp":1,"messages":[{"to":"hunter2" "x"}]}"#;
    let expected = "the body is not JSON in UTF-8: expected a comma or the end of the object at byte 43";
    assert_eq!(error(body, 1).to_string(), expected);
    assert_eq!(
        error(r#"{"timestamp":"hunter2","messages":[]}"#, 1).to_string(),
        "the body is not a push: timestamp: must be an integer of 64 bits, without fraction or exponent"
    );
}
