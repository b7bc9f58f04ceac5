//! What a dead letter's key, source and id are, and that its neighbours go on.

use super::messages::{ABSENT, message, string_of};
use super::{Case, Expected, check, push_of};

const UNUSABLE: &str = "/aicc";
const INTEGER: &str = "timestamp: must be an integer of 64 bits, without fraction or exponent";

/// A name, the changes to a message, its key, and the rule that it breaks.
type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], Option<&'a str>, &'a str);

#[test]
fn the_key_of_a_dead_letter_is_the_user_wherever_there_is_one() {
    let long = string_of("u", 257);
    let key = "u".repeat(257);
    let table: [Row; 13] = [
        ("absent", &[("to", ABSENT)], None, "to: required"),
        ("null", &[("to", "null")], None, "to: required"),
        ("a number", &[("to", "44")], None, "to: must be a string"),
        ("an array", &[("to", "[\"44\"]")], None, "to: must be a string"),
        ("an object", &[("to", "{}")], None, "to: must be a string"),
        ("empty", &[("to", "\"\"")], None, "to: must not be empty"),
        ("a surrogate", &[("to", r#""a\ud83d""#)], None, "to: an unpaired surrogate escape"),
        ("twice the same", &[(r"t\u006f", "\"44444444\"")], None, "to: must not occur more than once"),
        ("twice, once null", &[(r"\u0074o", "null")], None, "to: must not occur more than once"),
        ("too long", &[("to", &long)], Some(&key), "to: longer than 256 characters"),
        ("escaped", &[("to", r#""\u5f20\t\u0000""#), ("timestamp", "1.5")], Some("张\t\0"), INTEGER),
        ("emoji", &[("to", r#""😀""#), ("timestamp", "\"1\"")], Some("😀"), INTEGER),
        (
            "a broken name beside",
            &[(r"\udc00", "1")],
            Some("44444444"),
            "a field: an unpaired surrogate escape",
        ),
    ];
    let cases = table.map(|(name, changes, key, error)| {
        let value = message(changes);
        Case::delivered(name, push_of(&value), vec![Expected::dead_letter(&value, key, error)])
    });
    check("dead-keys", &[], &cases);
}

#[test]
fn the_source_of_a_dead_letter_is_short_where_channel_or_sender_is_unusable() {
    let mut cases = Vec::new();
    for field in ["channel", "from"] {
        let long = string_of("x", 257);
        for (value, error) in [
            (ABSENT, "required"),
            ("null", "required"),
            ("1", "must be a string"),
            ("[]", "must be a string"),
            ("\"\"", "must not be empty"),
            (&long, "longer than 256 characters"),
            (r#""\udc00""#, "an unpaired surrogate escape"),
        ] {
            let value = message(&[(field, value)]);
            let error = format!("{field}: {error}");
            let record = Expected::dead_letter(&value, Some("44444444"), &error).source(UNUSABLE);
            cases.push(Case::delivered(&error, push_of(&value), vec![record]));
        }
    }
    let twice = message(&[(r"fro\u006d", "\"2\"")]);
    let record = Expected::dead_letter(&twice, Some("44444444"), "from: must not occur more than once");
    cases.push(Case::delivered("from twice", push_of(&twice), vec![record.source(UNUSABLE)]));
    let usable = message(&[("channel", r#""微信""#), ("from", r#""a b/c""#), ("mediaType", "1")]);
    let record = Expected::dead_letter(&usable, Some("44444444"), "mediaType: must be a string");
    let record = record.source("/aicc/%E5%BE%AE%E4%BF%A1/a%20b%2Fc");
    cases.push(Case::delivered("both usable", push_of(&usable), vec![record]));
    check("dead-sources", &[], &cases);
}

#[test]
fn what_is_not_an_object_becomes_a_dead_letter() {
    let values = ["null", "1", "-0.5e1", "true", "\"text\"", "[]", "[{\"to\":\"1\"}]"];
    let cases = values.map(|value| {
        let record = Expected::dead_letter(value, None, "the message: must be an object").source(UNUSABLE);
        Case::delivered(value, push_of(value), vec![record])
    });
    check("no-objects", &[], &cases);
}

#[test]
fn a_dead_letter_has_its_id_by_hash_and_its_neighbours_go_on() {
    let broken = message(&[("messageCode", "\"m-1\""), ("content", "null")]);
    let fine = message(&[("messageCode", "\"m-1\"")]);
    let whatsapp = message(&[("channel", "\"WHATSAPP\""), ("to", "\"8613\"")]);
    let dead = || Expected::dead_letter(&broken, Some("44444444"), "content: required");
    let cases = [
        Case::delivered(
            "in the middle",
            push_of(&[&fine, &broken, &whatsapp, &broken].map(String::as_str).join(" ,\n")),
            vec![Expected::message(&fine), dead(), Expected::message(&whatsapp), dead().hash_id("-1")],
        ),
        Case::delivered(
            "nothing but dead letters",
            push_of(&[broken.as_str(); 5].join(",")),
            ["", "-1", "-2", "-3", "-4"].map(|suffix| dead().hash_id(suffix)).to_vec(),
        ),
    ];
    check("dead-neighbours", &[], &cases);
}
