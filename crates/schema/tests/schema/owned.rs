//! Owned messages: the vendor's names, nothing lost on the way through.

use aicc_schema::{Message, OwnedContent, OwnedMessage, OwnedPush, parse};
use serde_json::json;

fn full() -> OwnedMessage {
    OwnedMessage {
        from: "1".to_owned(),
        channel: "WEB".to_owned(),
        to: "44".to_owned(),
        control_type: "CHAT".to_owned(),
        is_offline_status: Some(true),
        media_type: Some("TEXT".to_owned()),
        content: Some("Hello".into()),
        sim_questions: Some("?".to_owned()),
        sender_nickname: Some("Amy".to_owned()),
        timestamp: i64::MIN,
        source_type: "AGENT".to_owned(),
        call_id: Some("c".to_owned()),
        message_code: Some("m".to_owned()),
        extra: serde_json::Map::from_iter([("extra".to_owned(), json!({"a": [1, 2.5, "x"]}))]),
    }
}

#[test]
fn a_message_serialises_in_the_vendors_names_and_back() {
    let value = serde_json::to_value(full()).unwrap();
    let expected = json!({
        "from": "1", "channel": "WEB", "to": "44", "controlType": "CHAT", "isOfflineStatus": true, "mediaType": "TEXT",
        "content": "Hello", "simQuestions": "?", "senderNickname": "Amy", "timestamp": i64::MIN, "sourceType": "AGENT",
        "callId": "c", "messageCode": "m", "extra": {"a": [1, 2.5, "x"]},
    });
    assert_eq!(value, expected);
    assert_eq!(serde_json::from_value::<OwnedMessage>(value).unwrap(), full());
}

#[test]
fn what_is_not_there_is_null_as_in_the_vendors_example() {
    let expected = json!({
        "from": "", "channel": "", "to": "", "controlType": "", "mediaType": null, "content": null, "simQuestions": null,
        "senderNickname": null, "timestamp": 0, "sourceType": "", "messageCode": null,
    });
    assert_eq!(serde_json::to_value(OwnedMessage::default()).unwrap(), expected);
    let sparse = r#"{"from":"","channel":"","to":"","controlType":"","timestamp":0,"sourceType":""}"#;
    assert_eq!(serde_json::from_str::<OwnedMessage>(sparse).unwrap(), OwnedMessage::default());
}

#[test]
fn content_is_a_string_or_an_array() {
    for (json, content) in [
        (json!("a"), OwnedContent::Text("a".to_owned())),
        (json!(["a", "b"]), OwnedContent::List(vec!["a".to_owned(), "b".to_owned()])),
    ] {
        assert_eq!(serde_json::to_value(&content).unwrap(), json);
        assert_eq!(serde_json::from_value::<OwnedContent>(json).unwrap(), content);
    }
    assert!(serde_json::from_value::<OwnedContent>(json!([1])).is_err());
}

#[test]
fn what_is_serialised_is_a_valid_push() {
    let read = OwnedMessage {
        control_type: "READ".to_owned(),
        content: Some(vec!["m1".to_owned()].into()),
        ..full()
    };
    let push = OwnedPush { timestamp: 5, messages: vec![full(), read] };
    let body = serde_json::to_vec(&push).unwrap();
    let parsed = parse(&body, 2).unwrap();
    assert_eq!(parsed.timestamp, 5);
    assert!(matches!(parsed.messages[..], [Message::Valid(_), Message::Valid(_)]), "{parsed:?}");
    assert_eq!(serde_json::from_slice::<OwnedPush>(&body).unwrap(), push);
}

#[test]
fn a_timestamp_is_read_like_the_rules_read_it() {
    let read = |timestamp: &str| {
        let json = serde_json::to_string(&OwnedMessage::default()).unwrap();
        let json = json.replace(r#""timestamp":0"#, &format!(r#""timestamp":{timestamp}"#));
        serde_json::from_str::<OwnedMessage>(&json).ok().map(|message| message.timestamp)
    };
    assert_eq!(read("-0"), Some(0));
    assert_eq!(read("9223372036854775807"), Some(i64::MAX));
    assert_eq!(read("-9223372036854775808"), Some(i64::MIN));
    for refused in ["9223372036854775808", "1.5", "1e3", r#""1""#, "null"] {
        assert_eq!(read(refused), None, "{refused}");
    }
}

#[test]
fn debug_output_shows_neither_user_nor_content() {
    let message =
        OwnedMessage { to: "hunter2".to_owned(), sender_nickname: Some("hunter2".to_owned()), ..full() };
    let push = OwnedPush { timestamp: 1, messages: vec![message] };
    let debug = format!("{push:?}");
    assert!(!debug.contains("hunter2") && !debug.contains("Hello"), "{debug}");
}
