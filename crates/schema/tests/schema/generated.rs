//! What holds for every body.

use aicc_schema::{Message, OwnedMessage, parse};
use proptest::prelude::*;
use serde_json::value::RawValue;

use crate::support::push;

/// JSON for a field of a message: mostly what the rules ask for.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => r#""[a-z张]{1,5}(\\u00e9|\\ud83d\\ude00|\\n)?""#,
        2 => r"-?(0|[1-9][0-9]{0,12})",
        1 => r#"null|true|""|"CHAT"|"READ"|\[\]|\["a", "b"\]|\{"a":\[1\.5\]\}|"\\ud800"|1e400|1\.0"#,
    ]
}

/// A message with some of its fields, some of them odd, with whitespace in between.
fn message() -> impl Strategy<Value = String> {
    let required = ("\"(CHAT|READ|CONNECT)\"", value(), value(), value(), value(), "-?(0|[1-9][0-9]{0,12})")
        .prop_map(|(control, channel, from, to, source, timestamp)| {
            format!(
                r#""controlType":{control},"channel":{channel} ,"from": {from},"to":{to},
                "sourceType":{source},"timestamp":{timestamp}"#
            )
        });
    let name =
        "content|mediaType|senderNickname|simQuestions|callId|messageCode|isOfflineStatus|to|x|\\\\u0079|z";
    let optional = prop::collection::vec((name, value()), 0..5);
    (required, optional, "[ \n]{0,2}").prop_map(|(required, optional, space)| {
        let optional: Vec<_> =
            optional.iter().map(|(name, json)| format!(",{space}\"{name}\":{json}")).collect();
        let optional = optional.concat();
        format!("{{{space}{required}{optional}{space}}}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..200), limit in 0..5usize) {
        let _ = parse(&body, limit);
    }

    #[test]
    fn no_bytes_inside_a_push_make_it_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..40),
        text in r#"[\[\]{}:,"\\ud8a0-9e\-. ]{0,40}"#,
    ) {
        for inner in [&bytes[..], text.as_bytes()] {
            let body = [&br#"{"timestamp":1,"messages":[{"to":"#[..], inner, b"}]}"].concat();
            let _ = parse(&body, 5);
        }
    }

    #[test]
    fn each_message_is_the_slice_that_serde_json_would_cut_out(
        messages in prop::collection::vec(prop_oneof![3 => message(), 1 => value()], 0..6),
    ) {
        #[derive(serde::Deserialize)]
        struct Raw<'a> {
            #[serde(borrow)]
            messages: Vec<&'a RawValue>,
        }

        let messages: Vec<_> = messages.iter().map(String::as_str).collect();
        let body = push(&messages);
        let parsed = parse(body.as_bytes(), messages.len()).unwrap();
        let raw: Raw<'_> = serde_json::from_str(&body).unwrap();
        prop_assert_eq!(parsed.count, messages.len());
        for (ours, theirs) in parsed.messages.iter().zip(raw.messages) {
            prop_assert!(std::ptr::eq(ours.raw(), theirs.get()), "a slice of the body itself");
        }
    }

    #[test]
    fn a_valid_message_deserialises_to_the_same_values(json in message()) {
        let body = push(&[&json]);
        if let Message::Valid(message) = &parse(body.as_bytes(), 1).unwrap().messages[0] {
            let owned: OwnedMessage = serde_json::from_str(message.raw).unwrap();
            prop_assert_eq!(&owned.channel, &message.channel);
            prop_assert_eq!(&owned.from, &message.from);
            prop_assert_eq!(&owned.to, &message.to);
            prop_assert_eq!(&owned.source_type, &message.source_type);
            prop_assert_eq!(&owned.control_type, &message.control_type);
            prop_assert_eq!(owned.media_type.as_deref(), message.media_type.as_deref());
            prop_assert_eq!(owned.message_code.as_deref().filter(|code| !code.is_empty()), message.message_code.as_deref());
            prop_assert_eq!(owned.timestamp, message.timestamp);
            let _ = owned.typed_content();
        }
    }

    #[test]
    fn a_message_is_judged_alike_whatever_its_neighbours(
        messages in prop::collection::vec(prop_oneof![3 => message(), 1 => value()], 1..5),
    ) {
        let messages: Vec<_> = messages.iter().map(String::as_str).collect();
        let body = push(&messages);
        let together = parse(body.as_bytes(), messages.len()).unwrap();
        for (message, json) in together.messages.iter().zip(&messages) {
            let alone = push(&[json]);
            prop_assert_eq!(message, &parse(alone.as_bytes(), 1).unwrap().messages[0]);
        }
    }
}
