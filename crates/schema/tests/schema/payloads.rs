//! Pushes with what a relay makes of them: the cases of `tests/payloads`, as far as they are about messages.

use aicc_schema::{Message, parse};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    body: String,
    result_code: String,
    records: Vec<Record>,
}

/// A record that the push becomes.
#[derive(Deserialize)]
struct Record {
    topic: String,
    key: Option<String>,
    value: String,
}

#[test]
fn each_case_has_its_code_and_its_records() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../payloads/cases.json")).unwrap();
    assert!(!cases.is_empty());
    for Case { name, body, result_code, records } in cases {
        let push = match parse(body.as_bytes(), 1000) {
            Ok(push) => push,
            Err(error) => {
                assert_eq!(error.result_code().as_str(), result_code, "{name}: {error}");
                continue;
            }
        };
        assert_eq!(result_code, "0", "{name}");
        assert_eq!(push.messages.len(), records.len(), "{name}");
        for (message, record) in push.messages.iter().zip(records) {
            let (key, dead) = match message {
                Message::Valid(message) => (Some(&*message.to), false),
                Message::Invalid(message) => (message.to.as_deref(), true),
            };
            assert_eq!(key, record.key.as_deref(), "{name}");
            assert_eq!(message.raw(), record.value, "{name}");
            assert_eq!(dead, record.topic.ends_with(".dead-letter"), "{name}");
        }
    }
}

#[test]
fn the_vendors_example_is_six_valid_messages() {
    let push = parse(include_bytes!("../payloads/seed_example.json"), 1000).unwrap();
    assert_eq!((push.timestamp, push.count), (1_625_898_453_913, 6));
    let control_types: Vec<_> = push
        .messages
        .iter()
        .map(|message| match message {
            Message::Valid(message) => &*message.control_type,
            Message::Invalid(message) => panic!("{}", message.violation),
        })
        .collect();
    assert_eq!(control_types, ["CHAT", "CHAT", "DISCONNECT", "DISCONNECT", "DISCONNECT", "READ"]);
}
