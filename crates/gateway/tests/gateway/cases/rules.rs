//! Every rule for a message, on both sides of its boundary.

use super::messages::{ABSENT, message, string_of};
use super::{Case, Expected, check, push_of};

const REQUIRED: [&str; 5] = ["channel", "from", "to", "sourceType", "controlType"];

#[test]
fn messages_within_the_rules_are_relayed() {
    let mut cases = Vec::new();
    let mut relayed = |name: &str, changes: &[(&str, &str)]| {
        let value = message(changes);
        cases.push(Case::delivered(name, push_of(&value), vec![Expected::message(&value)]));
    };
    for field in ["to", "sourceType"] {
        relayed(&format!("{field} of 1 character"), &[(field, r#""x""#)]);
        relayed(&format!("{field} of 256 characters"), &[(field, &string_of("x", 256))]);
        relayed(&format!("{field} of 256 emoji"), &[(field, &string_of("😀", 256))]);
    }
    for timestamp in ["0", "-0", "-1", "9223372036854775807", "-9223372036854775808"] {
        relayed(&format!("timestamp {timestamp}"), &[("timestamp", timestamp)]);
    }
    relayed("empty content", &[("content", r#""""#)]);
    relayed("long mediaType", &[("mediaType", &string_of("M", 300))]);
    for field in ["content", "mediaType"] {
        for value in ["null", ABSENT, r#""""#] {
            let changes = [("controlType", r#""CONNECT""#), (field, value), ("case", "\"no CHAT\"")];
            relayed(&format!("{field} {value:?} of CONNECT"), &changes);
        }
    }
    for content in [r#"["m1","m2"]"#, "[]", r#""m1, m2""#, r#""[\"m1\",\"m2\"]""#, "null", ABSENT] {
        relayed(&format!("READ of {content:?}"), &[("controlType", r#""READ""#), ("content", content)]);
    }
    for field in ["senderNickname", "simQuestions", "callId", "messageCode"] {
        for value in ["null", r#""""#, r#""x""#] {
            relayed(&format!("{field} {value}"), &[(field, value)]);
        }
    }
    relayed("long senderNickname", &[("senderNickname", &string_of("N", 1000))]);
    relayed("messageCode of 64 characters", &[("messageCode", &string_of("m", 64))]);
    relayed("messageCode of 64 emoji", &[("messageCode", &string_of("😀", 64))]);
    for value in ["true", "false", "null"] {
        relayed(&format!("isOfflineStatus {value}"), &[("isOfflineStatus", value)]);
    }
    relayed("a field that is there twice in an inner object", &[("extra", r#"{"a":1,"a":2}"#)]);
    relayed("names that differ in case", &[("To", r#""5""#), ("TO", r#""6""#)]);
    relayed("32 levels", &[("extra", &nested(31))]);
    relayed("the largest double", &[("extra", "[1.7976931348623157e308,-1e308,1e-400]")]);
    relayed("a paired surrogate", &[("extra", r#""\ud83d\ude00""#)]);
    check("rules", &[], &cases);
}

#[test]
fn messages_that_break_a_rule_become_dead_letters() {
    let mut cases = Vec::new();
    // Keys and sources have cases of their own.
    let mut dead = |name: &str, changes: &[(&str, &str)], error: &str| {
        let value = message(changes);
        let record = Expected::dead_letter(&value, Some("44444444"), error);
        cases.push(Case::delivered(name, push_of(&value), vec![record]));
    };
    for field in REQUIRED.iter().filter(|field| !["channel", "from", "to"].contains(field)) {
        for value in [ABSENT, "null"] {
            dead(&format!("{field} {value:?}"), &[(field, value)], &format!("{field}: required"));
        }
        dead(&format!("empty {field}"), &[(field, r#""""#)], &format!("{field}: must not be empty"));
        let long = string_of("x", 257);
        dead(&format!("long {field}"), &[(field, &long)], &format!("{field}: longer than 256 characters"));
        for value in ["1", "true", "[\"a\"]", "{}"] {
            dead(&format!("{field} {value}"), &[(field, value)], &format!("{field}: must be a string"));
        }
    }
    for value in [ABSENT, "null"] {
        dead(&format!("timestamp {value:?}"), &[("timestamp", value)], "timestamp: required");
    }
    for value in ["1.0", "1e3", "\"1\"", "true", "9223372036854775808", "-9223372036854775809"] {
        let error = "timestamp: must be an integer of 64 bits, without fraction or exponent";
        dead(&format!("timestamp {value}"), &[("timestamp", value)], error);
    }
    dead("CHAT without content", &[("content", ABSENT)], "content: required");
    for value in ["[\"a\"]", "1", "false", "{}"] {
        dead(&format!("content {value} of CHAT"), &[("content", value)], "content: must be a string");
    }
    for value in ["[\"a\"]", "1", "{}"] {
        let changes = [("controlType", r#""DISCONNECT""#), ("content", value)];
        dead(&format!("content {value} of DISCONNECT"), &changes, "content: must be a string or null");
    }
    for value in ["[1]", "[\"a\",null]", "[[]]", "{}", "1"] {
        let changes = [("controlType", r#""READ""#), ("content", value)];
        let error = "content: must be a string, an array of strings or null";
        dead(&format!("content {value} of READ"), &changes, error);
    }
    for value in [ABSENT, "null"] {
        dead(&format!("mediaType {value:?} of CHAT"), &[("mediaType", value)], "mediaType: required");
    }
    dead("empty mediaType of CHAT", &[("mediaType", r#""""#)], "mediaType: must not be empty");
    dead("mediaType 1", &[("mediaType", "1")], "mediaType: must be a string");
    for field in ["senderNickname", "simQuestions", "callId", "messageCode"] {
        for value in ["1", "[]", "false"] {
            dead(
                &format!("{field} {value}"),
                &[(field, value)],
                &format!("{field}: must be a string or null"),
            );
        }
    }
    let long = string_of("😀", 65);
    dead("messageCode of 65 emoji", &[("messageCode", &long)], "messageCode: longer than 64 characters");
    for value in ["\"true\"", "1", "[]"] {
        let error = "isOfflineStatus: must be a boolean or null";
        dead(&format!("isOfflineStatus {value}"), &[("isOfflineStatus", value)], error);
    }
    dead(
        "an escaped duplicate",
        &[(r"content\u0020", "1"), ("content ", "2")],
        "a field: must not occur more than once",
    );
    dead(
        "an escaped duplicate of a known field",
        &[(r"conten\u0074", "\"\"")],
        "content: must not occur more than once",
    );
    dead("33 levels", &[("extra", &nested(32))], "a field: nested deeper than 32 levels");
    dead("100,000 levels", &[("extra", &nested(100_000))], "a field: nested deeper than 32 levels");
    for value in ["1e309", "-1e400", "[{\"a\":[1e999999999]}]"] {
        dead(&format!("the number {value}"), &[("extra", value)], "a field: a number overflows a double");
    }
    dead("an integer that overflows", &[("extra", &"9".repeat(400))], "a field: a number overflows a double");
    for value in [r#""\ud83d""#, r#""\ude00\ud83d""#, r#"[{"\udfff":1}]"#, r#""\ud83dx""#] {
        dead(&format!("the escape {value}"), &[("extra", value)], "a field: an unpaired surrogate escape");
    }
    dead("an unpaired surrogate in a name", &[(r"\ud83d", "1")], "a field: an unpaired surrogate escape");
    dead(
        "an unpaired surrogate in content",
        &[("content", r#""\ud83d""#)],
        "content: an unpaired surrogate escape",
    );
    check("broken-rules", &[], &cases);
}

/// Arrays in arrays.
fn nested(levels: usize) -> String {
    "[".repeat(levels) + &"]".repeat(levels)
}
