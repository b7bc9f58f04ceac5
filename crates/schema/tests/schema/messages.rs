//! The rules for a message's fields, at their edges.

use aicc_schema::{Field, Rule, Violation};

use crate::support::{message, message_and, text, verdict, with_invalid, with_message, with_valid};

const NAMES: [&str; 5] = ["channel", "from", "to", "sourceType", "controlType"];
const WRONG_FOR_A_STRING: [&str; 5] = ["1", "true", "[]", "{}", r#"["a"]"#];

fn chat(content: &str, media_type: &str) -> String {
    message(&[("controlType", r#""CHAT""#), ("content", content), ("mediaType", media_type)])
}

fn read(content: &str) -> String {
    message(&[("controlType", r#""READ""#), ("content", content)])
}

#[test]
fn a_valid_message_hands_over_what_routing_and_headers_need() {
    let json = message(&[("mediaType", r#""TEXT""#), ("messageCode", r#""c-1""#), ("from", r#""\u0032""#)]);
    with_valid(&json, |message| {
        assert_eq!((&*message.channel, &*message.from, &*message.to), ("WEB", "2", "44"));
        assert_eq!((&*message.source_type, &*message.control_type), ("AGENT", "CONNECT"));
        assert_eq!(message.media_type.as_deref(), Some("TEXT"));
        assert_eq!(message.message_code.as_deref(), Some("c-1"));
        assert_eq!(message.timestamp, 1);
    });
}

#[test]
fn required_strings_have_1_to_256_characters() {
    for name in NAMES {
        let verdict = |json: &str| verdict(&message(&[(name, json)]));
        assert_eq!(verdict(""), format!("{name}: required"));
        assert_eq!(verdict("null"), format!("{name}: required"));
        assert_eq!(verdict(r#""""#), format!("{name}: must not be empty"));
        for wrong in WRONG_FOR_A_STRING {
            assert_eq!(verdict(wrong), format!("{name}: must be a string"));
        }
        for character in ["a", "é", "张", "😀", r"\n", r"\u5f20", r"\ud83d\ude00", r"\u0000"] {
            assert_eq!(verdict(&text(character, 256)), "", "{character}");
            assert_eq!(verdict(&text(character, 257)), format!("{name}: longer than 256 characters"));
        }
    }
}

#[test]
fn a_timestamp_is_an_integer_of_64_bits() {
    let verdict = |json| verdict(&message(&[("timestamp", json)]));
    for (json, value) in [
        ("0", 0),
        ("-0", 0),
        ("-1", -1),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
    ] {
        with_valid(&message(&[("timestamp", json)]), |message| assert_eq!(message.timestamp, value));
    }
    let broken = "timestamp: must be an integer of 64 bits, without fraction or exponent";
    for json in
        ["9223372036854775808", "-9223372036854775809", "1.0", "1e3", "1E0", "-0.0", r#""1""#, "true", "[]"]
    {
        assert_eq!(verdict(json), broken, "{json}");
    }
    assert_eq!(verdict(""), "timestamp: required");
    assert_eq!(verdict("null"), "timestamp: required");
}

#[test]
fn a_chat_needs_content_and_a_media_type() {
    let some = r#""TEXT""#;
    assert_eq!(verdict(&chat(r#""Hello""#, some)), "");
    assert_eq!(verdict(&chat(r#""""#, some)), "", "content may be empty");
    assert_eq!(verdict(&chat("", some)), "content: required");
    assert_eq!(verdict(&chat("null", some)), "content: required");
    for wrong in WRONG_FOR_A_STRING {
        assert_eq!(verdict(&chat(wrong, some)), "content: must be a string");
        assert_eq!(verdict(&chat(r#""Hello""#, wrong)), "mediaType: must be a string");
    }
    assert_eq!(verdict(&chat(r#""Hello""#, "")), "mediaType: required");
    assert_eq!(verdict(&chat(r#""Hello""#, "null")), "mediaType: required");
    assert_eq!(verdict(&chat(r#""Hello""#, r#""""#)), "mediaType: must not be empty");
}

#[test]
fn an_escaped_chat_is_a_chat_and_another_case_is_not() {
    assert_eq!(verdict(&message(&[("controlType", r#""CH\u0041T""#)])), "content: required");
    assert_eq!(verdict(&message(&[("controlType", r#""chat""#)])), "");
}

#[test]
fn other_messages_need_neither_content_nor_media_type() {
    for control_type in [r#""DISCONNECT""#, r#""TYPING""#] {
        for json in ["", "null", r#""""#, r#""some""#] {
            for name in ["content", "mediaType"] {
                assert_eq!(verdict(&message(&[("controlType", control_type), (name, json)])), "");
            }
        }
        for wrong in WRONG_FOR_A_STRING {
            for name in ["content", "mediaType"] {
                let verdict = verdict(&message(&[("controlType", control_type), (name, wrong)]));
                assert_eq!(verdict, format!("{name}: must be a string or null"));
            }
        }
    }
}

#[test]
fn the_content_of_a_read_may_be_an_array_of_strings() {
    for json in ["", "null", r#""m1,m2""#, "[]", r#"["m1"]"#, r#"[ "m1" , "\u0041" ]"#] {
        assert_eq!(verdict(&read(json)), "", "{json}");
    }
    for json in
        ["1", "true", "{}", r#"{"a":"b"}"#, "[1]", r#"["m1",null]"#, r#"["m1",["m2"]]"#, r#"[["m1"],"m2"]"#]
    {
        assert_eq!(verdict(&read(json)), "content: must be a string, an array of strings or null", "{json}");
    }
}

#[test]
fn optional_strings_are_strings_or_null() {
    for name in ["senderNickname", "simQuestions", "callId", "messageCode"] {
        for json in ["", "null", r#""""#, r#""some""#] {
            assert_eq!(verdict(&message(&[(name, json)])), "", "{name} {json}");
        }
        for wrong in WRONG_FOR_A_STRING {
            assert_eq!(verdict(&message(&[(name, wrong)])), format!("{name}: must be a string or null"));
        }
    }
    assert_eq!(verdict(&message(&[("senderNickname", &text("a", 10_000))])), "");
}

#[test]
fn a_message_code_has_at_most_64_characters_and_an_empty_one_counts_as_absent() {
    for character in ["x", "张", r"\ud83d\ude00"] {
        assert_eq!(verdict(&message(&[("messageCode", &text(character, 64))])), "");
        let verdict = verdict(&message(&[("messageCode", &text(character, 65))]));
        assert_eq!(verdict, "messageCode: longer than 64 characters");
    }
    for json in ["", "null", r#""""#] {
        with_valid(&message(&[("messageCode", json)]), |message| assert_eq!(message.message_code, None));
    }
}

#[test]
fn an_offline_status_is_a_boolean_or_null() {
    for json in ["", "null", "true", "false"] {
        assert_eq!(verdict(&message(&[("isOfflineStatus", json)])), "");
    }
    for json in ["0", r#""true""#, "[]", "{}"] {
        let verdict = verdict(&message(&[("isOfflineStatus", json)]));
        assert_eq!(verdict, "isOfflineStatus: must be a boolean or null");
    }
}

#[test]
fn a_message_is_an_object() {
    for json in ["null", "true", "1", "1e400", r#""text""#, r#""\ud800""#, "[]", "[[{}]]"] {
        assert_eq!(verdict(json), "the message: must be an object", "{json}");
    }
    assert_eq!(verdict("{}"), "channel: required");
}

#[test]
fn a_field_of_the_message_itself_must_not_occur_twice() {
    for field in Field::ALL {
        let twice = message_and(&format!(r#""{field}":null,"{field}":null"#));
        assert_eq!(verdict(&twice), format!("{field}: must not occur more than once"));
    }
    for more in [r#""x":1,"x":1"#, r#""x":1,"\u0078":1"#, r#""":1,"":2"#, r#""x\u0000":1,"y":2,"x\u0000":3"#]
    {
        assert_eq!(verdict(&message_and(more)), "a field: must not occur more than once", "{more}");
    }
    assert_eq!(verdict(&message_and(r#""t\u006f":"44""#)), "to: must not occur more than once");
    assert_eq!(verdict(&message_and(r#""To":1,"TO":1,"to ":1"#)), "", "names are compared exactly");
}

#[test]
fn nested_fields_may_occur_twice() {
    assert_eq!(verdict(&message_and(r#""x":{"a":1,"a":2,"to":3},"y":[{"to":1,"to":1}]"#)), "");
}

#[test]
fn duplicates_are_found_among_many_unknown_fields_in_no_time() {
    let fields = |count: usize| (0..count).map(|n| format!(r#""f{n}":0"#)).collect::<Vec<_>>().join(",");
    for count in [15, 16, 17, 18, 150_000] {
        assert_eq!(verdict(&message_and(&fields(count))), "", "{count}");
        for again in [0, count / 2, count - 1] {
            let twice = message_and(&format!(r#"{},"f{again}":1"#, fields(count)));
            assert_eq!(verdict(&twice), "a field: must not occur more than once", "{again} of {count}");
        }
    }
}

#[test]
fn nesting_may_have_32_levels_with_the_message_as_the_first() {
    let arrays = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let objects = |levels: usize| format!("{}{{}}{}", r#"{"a":"#.repeat(levels - 1), "}".repeat(levels - 1));
    let mixed = |levels: usize| format!("{}[]{}", r#"[0,{"a":"#.repeat(levels / 2), "}]".repeat(levels / 2));
    assert_eq!(verdict(&message_and(&format!(r#""x":{}"#, arrays(31)))), "");
    assert_eq!(verdict(&message_and(&format!(r#""x":{}"#, objects(31)))), "");
    assert_eq!(verdict(&message_and(&format!(r#""x":{}"#, mixed(30)))), "");
    for deep in [arrays(32), objects(32), mixed(32), arrays(100_000), objects(100_000)] {
        assert_eq!(verdict(&message_and(&format!(r#""x":{deep}"#))), "a field: nested deeper than 32 levels");
        assert_eq!(verdict(&message(&[("content", &deep)])), "content: nested deeper than 32 levels");
    }
    let wide = vec![arrays(30); 100].join(",");
    assert_eq!(verdict(&message_and(&format!(r#""x":[{wide}]"#))), "", "levels, not brackets, are counted");
}

#[test]
fn a_number_must_fit_a_double_wherever_it_stands() {
    let digits = |count: usize| "9".repeat(count);
    for fits in
        ["1e308", "-1.7976931348623157e308", "0e999999999999999999999", "1e-400", "0.1E+308", &digits(308)]
    {
        assert_eq!(verdict(&message_and(&format!(r#""x":{fits},"y":[{{"z":{fits}}}]"#))), "", "{fits}");
    }
    let exact = format!("1{}", "0".repeat(308));
    assert_eq!(verdict(&message_and(&format!(r#""x":{exact}"#))), "");
    for over in [
        "1e309",
        "1e400",
        "-1e400",
        "1.8e308",
        "10e308",
        "1E+99999999999999999999999",
        &digits(309),
        &digits(400),
    ] {
        let rule = "a number overflows a double";
        assert_eq!(verdict(&message_and(&format!(r#""x":{over}"#))), format!("a field: {rule}"), "{over}");
        assert_eq!(verdict(&message_and(&format!(r#""x":[{{"y":[{over}]}}]"#))), format!("a field: {rule}"));
        assert_eq!(verdict(&message(&[("timestamp", over)])), format!("timestamp: {rule}"));
    }
}

#[test]
fn a_surrogate_escape_must_be_one_of_a_pair_wherever_it_stands() {
    for paired in [r"\ud83d\ude00", r"\uD83D\uDE00", r"\udbff\udfff\ud800\udc00", r"\ue000\ud7ff", r"\\ud800"]
    {
        assert_eq!(
            verdict(&message_and(&format!(r#""{paired}":["{paired}",{{"{paired}":1}}]"#))),
            "",
            "{paired}"
        );
    }
    for lone in [
        r"\ud800",
        r"\udc00",
        r"\udbff",
        r"\uDFFF",
        r"\ude00\ud83d",
        r"\ud83d\ud83d",
        r"\ud83d\ud83d\ude00",
        r"\ud83d\ude00\ude00",
        r"\ud83dx\ude00",
        r"\ud83d\n",
        r"\ud83d\\ude00",
        r"\ud83d\u0041",
    ] {
        let rule = "an unpaired surrogate escape";
        for unknown in [
            format!(r#""x":"{lone}""#),
            format!(r#""{lone}":1"#),
            format!(r#""x":[["{lone}"]]"#),
            format!(r#""x":{{"{lone}":1}}"#),
        ] {
            assert_eq!(verdict(&message_and(&unknown)), format!("a field: {rule}"), "{unknown}");
        }
        for name in ["to", "content", "senderNickname", "messageCode"] {
            let verdict = verdict(&message(&[(name, &format!("\"a{lone}b\""))]));
            assert_eq!(verdict, format!("{name}: {rule}"), "{lone}");
        }
    }
}

#[test]
fn whitespace_around_a_message_is_not_part_of_it() {
    with_message(&format!(" \r\n\t{} \n", message(&[])), |message| assert!(message.raw().starts_with('{')));
    with_message("\tnull\n", |message| assert_eq!(message.raw(), "null"));
}

#[test]
fn neither_a_violation_nor_debug_output_shows_content() {
    let secret = "hunter2";
    let json = message_and(&format!(r#""{secret}":"{secret}","{secret}":1,"senderNickname":"{secret}""#));
    with_invalid(&json, |message| assert!(!format!("{message:?} {}", message.violation).contains(secret)));
    let json = message(&[("to", r#""hunter2""#), ("from", r#""hunter2""#), ("content", r#""hunter2""#)]);
    with_valid(&json, |message| assert!(!format!("{message:?}").contains(secret)));
}

#[test]
fn a_service_can_reject_a_valid_message_for_a_rule_of_its_own() {
    with_valid(&message(&[]), |message| {
        let violation = Violation { field: None, rule: Rule::TooLarge { limit: 9 } };
        let rejected = message.clone().reject(violation);
        assert_eq!(rejected.to.as_deref(), Some("44"));
        assert_eq!(rejected.raw, message.raw);
        assert_eq!(rejected.violation.to_string(), "the message: larger than 9 bytes with key and headers");
        assert_eq!(rejected.violation.rule.label(), "too_large");
    });
}
