//! Messages that keep every rule but for what a test changes, and the verdict on them.

use aicc_schema::{InvalidMessage, Message, ValidMessage, parse};

/// The fields of a valid message with their JSON, `content` and `mediaType` aside.
const BASE: [(&str, &str); 6] = [
    ("channel", r#""WEB""#),
    ("from", r#""1""#),
    ("to", r#""44""#),
    ("sourceType", r#""AGENT""#),
    ("controlType", r#""CONNECT""#),
    ("timestamp", "1"),
];

/// A message with some fields set to other JSON; one that is set to an empty text is left out.
pub(crate) fn message(changes: &[(&str, &str)]) -> String {
    let kept = BASE.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    let fields: Vec<_> = kept
        .chain(changes)
        .filter(|(_, json)| !json.is_empty())
        .map(|(name, json)| format!("\"{name}\":{json}"))
        .collect();
    format!("{{{}}}", fields.join(","))
}

/// A valid message with more JSON behind its last field.
pub(crate) fn message_and(more: &str) -> String {
    let message = message(&[]);
    format!("{},{more}}}", &message[..message.len() - 1])
}

pub(crate) fn push(messages: &[&str]) -> String {
    format!(r#"{{"timestamp":1,"messages":[{}]}}"#, messages.join(","))
}

/// A string of so many characters, each given as JSON.
pub(crate) fn text(character: &str, count: usize) -> String {
    format!("\"{}\"", character.repeat(count))
}

/// Parses the message between two valid neighbours, which must stay valid, and hands it to `look`.
pub(crate) fn with_message<T>(json: &str, look: impl FnOnce(&Message<'_>) -> T) -> T {
    let neighbour = message(&[]);
    let body = push(&[&neighbour, json, &neighbour]);
    let push = parse(body.as_bytes(), 3).unwrap();
    assert_eq!(push.count, 3);
    assert!(matches!(push.messages[0], Message::Valid(_)), "the message before");
    assert!(matches!(push.messages[2], Message::Valid(_)), "the message behind");
    assert_eq!(push.messages[1].raw(), json.trim_matches([' ', '\n', '\r', '\t']));
    look(&push.messages[1])
}

pub(crate) fn with_valid<T>(json: &str, look: impl FnOnce(&ValidMessage<'_>) -> T) -> T {
    with_message(json, |message| match message {
        Message::Valid(message) => look(message),
        Message::Invalid(message) => panic!("{}: {json:.200}", message.violation),
    })
}

pub(crate) fn with_invalid<T>(json: &str, look: impl FnOnce(&InvalidMessage<'_>) -> T) -> T {
    with_message(json, |message| match message {
        Message::Valid(_) => panic!("valid: {json:.200}"),
        Message::Invalid(message) => look(message),
    })
}

/// What a message breaks, as text; empty for a valid one.
pub(crate) fn verdict(json: &str) -> String {
    with_message(json, |message| match message {
        Message::Valid(_) => String::new(),
        Message::Invalid(message) => message.violation.to_string(),
    })
}
