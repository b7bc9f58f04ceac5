//! The scanner accepts what `serde_json`'s own scanner accepts, which looks at the grammar alone.

use aicc_schema::{PushError, parse};
use proptest::prelude::*;
use serde_json::value::RawValue;

/// Whether the text is JSON, by this crate and by `serde_json`.
fn both(text: &str) -> (bool, bool) {
    let ours = !matches!(parse(text.as_bytes(), 100), Err(PushError::NotJson { .. }));
    (ours, serde_json::from_str::<&RawValue>(text).is_ok())
}

#[test]
fn json_is_accepted() {
    for text in [
        "0",
        "-0",
        "10",
        "-1.5",
        "0.0e-0",
        "1E+2",
        "\"\"",
        "true",
        "false",
        "null",
        "[]",
        "{}",
        " [ ] ",
        "\r\n\t{ }\t",
        "[1,2]",
        "[[],{}]",
        r#"{"":{}}"#,
        r#"{"a":1,"a":2}"#,
        r#""\"\\\/\b\f\n\r\t\u0aFf\uD800""#,
        "\"\u{7f}\u{feff}\"",
        "1e400",
    ] {
        assert_eq!(both(text), (true, true), "{text}");
    }
}

#[test]
fn what_only_looks_like_json_is_refused() {
    for text in [
        "",
        " ",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "[,]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1}",
        "{]",
        "[1,,2]",
        "{,}",
        r#"{"a"}"#,
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        r#"{,"a":1}"#,
        r#"{"a" 1}"#,
        r#"{"a"::1}"#,
        r#"{"a":1 "b":2}"#,
        r#"{"a":1]"#,
        "{a:1}",
        "{1:1}",
        "{'a':1}",
        "{null:1}",
        "'a'",
        "a",
        "nul",
        "nulll",
        "tru",
        "falsey",
        "True",
        "NaN",
        "Infinity",
        "-Infinity",
        "01",
        "-01",
        "00",
        "+1",
        "-",
        "--1",
        ".5",
        "-.5",
        "1.",
        "1.e5",
        "1e",
        "1e+",
        "1e1.5",
        "1.5.5",
        "0x1",
        "1_000",
        "1e5e5",
        "1 2",
        "1,",
        "[]]",
        "{}{}",
        "[] x",
        r#"""#,
        r#""\"#,
        r#""\""#,
        r#""\x""#,
        r#""\u""#,
        r#""\u12""#,
        r#""\u123g""#,
        r#""\U0041""#,
        r#""\ud800\u""#,
        r#""\ud800\udc0""#,
        r#""\'""#,
        "\"\n\"",
        "\"\t\"",
        "\"\0\"",
        "// c\n1",
        "[1] // c",
        "/* c */ 1",
        "[1,/**/2]",
        "#1",
        "\u{b}1",
        "\u{c}1",
        "\u{a0}1",
        "\u{feff}1",
        "1\0",
        "\u{0}1",
        "\u{2028}1",
    ] {
        assert_eq!(both(text), (false, false), "{text:?}");
    }
}

/// JSON with every kind of value, escape and whitespace.
fn json() -> impl Strategy<Value = String> {
    let space = || "[ \t\r\n]{0,2}";
    let string = || r#""([a-z张😀\u{7f}]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}|\\ud83d\\ude00){0,12}""#;
    let number = r"-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,4})?([eE][+-]?[0-9]{1,3})?";
    let leaf = prop_oneof![string().boxed(), number.boxed(), "null|true|false".boxed()];
    leaf.prop_recursive(6, 48, 5, move |inner| {
        let item = (space(), inner.clone(), space()).prop_map(|(a, item, b)| format!("{a}{item}{b}"));
        let field = (space(), string(), space(), inner, space())
            .prop_map(|(a, key, b, value, c)| format!("{a}{key}{b}:{value}{c}"));
        prop_oneof![
            prop::collection::vec(item, 0..5).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(field, 0..5).prop_map(|fields| format!("{{{}}}", fields.join(","))),
        ]
    })
}

/// One character replaced by, removed, or preceded by something else.
fn mutate(text: &str, place: prop::sample::Index, kind: u8, other: char) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let place = place.index(characters.len());
    match kind {
        0 => characters[place] = other,
        1 => drop(characters.remove(place)),
        2 => characters.insert(place, other),
        _ => characters.truncate(place),
    }
    characters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn generated_json_is_accepted(text in json()) {
        prop_assert_eq!(both(&text), (true, true));
    }

    #[test]
    fn changed_json_is_accepted_as_serde_json_does(
        text in json(),
        changes in prop::collection::vec(
            (any::<prop::sample::Index>(), 0..4u8, r#"[\[\]{},:"\\ue0-9.+\- \n\x00-\x1fa-f]|\PC"#),
            1..4,
        ),
    ) {
        let text = changes.into_iter().fold(text, |text, (place, kind, other)| {
            if text.is_empty() { text } else { mutate(&text, place, kind, other.chars().next().unwrap()) }
        });
        let (ours, theirs) = both(&text);
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn tokens_in_any_order_are_accepted_as_serde_json_does(
        text in r#"([\[\]{},:"\\]|"a"|"\\u00|0|1|-|\.|e|\+|null|true| ){0,10}"#,
    ) {
        let (ours, theirs) = both(&text);
        prop_assert_eq!(ours, theirs);
    }
}
