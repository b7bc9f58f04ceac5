//! What of an invalid message is still of use: its user, channel and sender.

use crate::support::{message, message_and, text, with_invalid};

/// Breaks a rule without touching the fields looked at here.
const BROKEN: (&str, &str) = ("isOfflineStatus", "1");

#[test]
fn the_user_is_found_wherever_it_stands() {
    for json in [
        r#"{"to":"7"}"#,
        r#"{"to":"7","x":1e400}"#,
        r#"{"x":[[["\ud800"]]],"to":"7"}"#,
        r#"{"x":1,"x":2,"to":"7","x":3}"#,
        r#"{"channel":5,"t\u006f":"\u0037"}"#,
        r#"{"\ud800":1,"to":"7"}"#,
        &format!(r#"{{"x":{}{},"to":"7"}}"#, "[".repeat(40), "]".repeat(40)),
    ] {
        with_invalid(json, |message| assert_eq!(message.to.as_deref(), Some("7"), "{json}"));
    }
}

#[test]
fn the_user_of_an_invalid_message_may_be_of_any_length() {
    let long = text("张", 5_000);
    with_invalid(&message(&[("to", &long)]), |message| {
        assert_eq!(message.violation.to_string(), "to: longer than 256 characters");
        assert_eq!(message.to.as_deref().map(str::len), Some(15_000));
    });
}

#[test]
fn a_user_may_hold_any_character() {
    for (json, user) in [(r#""a\u0000b""#, "a\0b"), (r#""\ud83d\ude00""#, "😀"), (r#""\"\\\/\n""#, "\"\\/\n")]
    {
        with_invalid(&message(&[BROKEN, ("to", json)]), |message| {
            assert_eq!(message.to.as_deref(), Some(user));
        });
    }
}

#[test]
fn a_user_that_is_absent_or_ambiguous_or_has_no_value_is_no_key() {
    for json in ["", "null", r#""""#, "7", "true", r#"["7"]"#, r#"{"to":"7"}"#, r#""\ud800""#, r#""7\udc00""#]
    {
        with_invalid(&message(&[BROKEN, ("to", json)]), |message| assert_eq!(message.to, None, "{json}"));
    }
    for again in [r#""to":"44""#, r#""to":null"#, r#""t\u006f":"44""#, r#""to":"44","to":"44""#] {
        with_invalid(&message_and(again), |message| assert_eq!(message.to, None, "{again}"));
    }
    for nothing in ["null", "[]", r#""to""#, r#"["to","7"]"#] {
        with_invalid(nothing, |message| assert_eq!(message.to, None, "{nothing}"));
    }
}

#[test]
fn channel_and_sender_are_usable_with_1_to_256_characters() {
    let (longest, too_long) = (text("é", 256), text("é", 257));
    for (json, usable) in [
        (r#""W\u0045B""#, true),
        (&*longest, true),
        (&*too_long, false),
        ("", false),
        ("null", false),
        (r#""""#, false),
        ("1", false),
        (r#""\udfff""#, false),
    ] {
        with_invalid(&message(&[BROKEN, ("channel", json)]), |message| {
            assert_eq!(message.channel.is_some(), usable, "{json}");
            assert_eq!(message.from.as_deref(), Some("1"));
        });
        with_invalid(&message(&[BROKEN, ("from", json)]), |message| {
            assert_eq!(message.from.is_some(), usable, "{json}");
            assert_eq!(message.channel.as_deref(), Some("WEB"));
        });
    }
    with_invalid(&message_and(r#""from":"1""#), |message| assert_eq!(message.from, None));
}
