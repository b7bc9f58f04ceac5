//! Messages that are too long for a record: dead letters, cut where they are long.

use super::messages::{message, string_of};
use super::{Case, ENVELOPE_TIMESTAMP, Expected, check, push_of};
use crate::support::ACCESS_KEY;

const LIMIT: usize = 3000;
const SETTINGS: [(&str, &str); 1] = [("limits.message_bytes", "3000")];
const TOO_LARGE: &str = "the message: larger than 3000 bytes with key and headers";
/// So that the size of `aicc-push` is known.
const REQUEST_ID: &str = "long-0";

/// The bytes of a lone message's record: value, key and headers.
fn record_size(value: &str) -> usize {
    let push = format!("{REQUEST_ID};0/1;{ENVELOPE_TIMESTAMP};{ACCESS_KEY}");
    Expected::message(value).in_kafka("", &push).size()
}

fn content_of(bytes: usize) -> String {
    message(&[("content", &string_of("x", bytes))])
}

#[test]
fn a_message_may_be_as_long_as_the_limit_with_key_and_headers() {
    let fits = content_of(LIMIT - record_size(&content_of(0)));
    assert_eq!(record_size(&fits), LIMIT);
    let longer = content_of(LIMIT + 1 - record_size(&content_of(0)));
    let cases = [
        Case::delivered("as long", push_of(&fits), vec![Expected::message(&fits)])
            .with("X-Request-Id", "long-1"),
        // Whole: only what is longer than 65,536 bytes is cut.
        Case::delivered(
            "a byte longer",
            push_of(&longer),
            vec![Expected::dead_letter(&longer, Some("44444444"), TOO_LARGE)],
        )
        .with("X-Request-Id", "long-2"),
    ];
    check("limit", &SETTINGS, &cases);
}

#[test]
fn a_long_dead_letter_is_cut_after_65536_bytes() {
    // The cut falls into a character.
    let padded =
        |pad: &str, count: usize| message(&[("content", &format!("\"{pad}{}\"", "您".repeat(count)))]);
    let pads = ["", "x", "xx"];
    let pad = pads.into_iter().find(|pad| !padded(pad, 30_000).is_char_boundary(65_536));
    let pad = pad.expect("a cut character");
    let (long, other) = (padded(pad, 30_000), padded(pad, 30_001));
    let broken = message(&[("content", &string_of("y", 70_000)), ("timestamp", "null")]);
    let short = content_of(1);
    let dead = |value: &str, error: &str| Expected::dead_letter(value, Some("44444444"), error).cut(65_536);
    let cases = [
        Case::delivered(
            "among others",
            push_of(&format!("{short},{long},{short},{other}")),
            vec![
                Expected::message(&short),
                // The same first 65,536 bytes.
                dead(&long, TOO_LARGE),
                Expected::message(&short).hash_id("-1"),
                dead(&other, TOO_LARGE).hash_id("-1"),
            ],
        ),
        Case::delivered(
            "that breaks a rule too",
            push_of(&broken),
            vec![dead(&broken, "timestamp: required")],
        ),
    ];
    check("cut", &SETTINGS, &cases);
}

#[test]
fn by_default_a_message_of_900000_bytes_fits_and_one_of_a_million_does_not() {
    let (fits, long) = (content_of(900_000), content_of(1_000_000));
    let error = "the message: larger than 917504 bytes with key and headers";
    let broken = message(&[("content", &string_of("z", 100_000)), ("from", "\"\"")]);
    let whole = Expected::dead_letter(&broken, Some("44444444"), "from: must not be empty").source("/aicc");
    let cases = [
        Case::delivered("fits", push_of(&fits), vec![Expected::message(&fits)]),
        Case::delivered(
            "does not",
            push_of(&long),
            vec![Expected::dead_letter(&long, Some("44444444"), error).cut(65_536)],
        ),
        Case::delivered("an invalid one that fits is not cut", push_of(&broken), vec![whole]),
    ];
    check("default-limit", &[], &cases);
}

#[test]
fn users_of_any_length_do_not_stop_a_dead_letter() {
    let user = "u".repeat(50_000);
    let value = message(&[("to", &string_of("u", 50_000))]);
    let record = Expected::dead_letter(&value, Some(&user), "to: longer than 256 characters");
    let cases = [Case::delivered("a long user", push_of(&value), vec![record])];
    check("long-users", &[], &cases);
}
