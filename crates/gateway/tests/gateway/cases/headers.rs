//! Ids, sources and types as headers, the key as the user, and what a request's own headers lead to.

use super::expected::hash;
use super::messages::{message, string_of};
use super::{Case, Expected, Place, check, push_of};

#[test]
fn an_id_that_the_batch_has_already_gets_the_smallest_suffix() {
    let coded = |code: &str, content: &str| {
        message(&[("messageCode", &format!("\"{code}\"")), ("content", &format!("\"{content}\""))])
    };
    let plain = message(&[("content", "\"ids\"")]);
    let hash = hash(plain.as_bytes());
    let table = [
        ("no code, twice", vec![plain.clone(), plain.clone()], vec![hash.clone(), format!("{hash}-1")]),
        (
            "a code that is another's hash",
            vec![coded(&hash, "1"), plain.clone()],
            vec![hash.clone(), format!("{hash}-1")],
        ),
        (
            "one code again and again",
            vec![coded("a", "1"), coded("a", "1"), coded("a", "2"), coded("a", "3")],
            ["a", "a-1", "a-2", "a-3"].map(str::to_owned).to_vec(),
        ),
        (
            "a suffix that is taken",
            vec![coded("b-1", "1"), coded("b", "2"), coded("b", "3"), coded("b-1", "4")],
            ["b-1", "b", "b-2", "b-1-1"].map(str::to_owned).to_vec(),
        ),
        ("codes in NUL and emoji", vec![coded(r"\u0000😀", "1")], vec!["\0😀".to_owned()]),
        ("an empty code", vec![coded("", "1")], vec![hash_of(&coded("", "1"))]),
    ];
    let cases = table.map(|(name, messages, ids)| {
        let records = messages.iter().zip(&ids).map(|(value, id)| Expected::message(value).id(id)).collect();
        Case::delivered(name, push_of(&messages.join(",")), records)
    });
    check("ids", &[], &cases);
}

fn hash_of(text: &str) -> String {
    hash(text.as_bytes())
}

#[test]
fn sources_are_percent_encoded_and_types_in_ascii_lower_case() {
    let emoji = string_of("😀", 256);
    let table: [(&str, &str, &str); 7] = [
        ("\"WEB\"", r#""a/b?c#d e%f""#, "/aicc/WEB/a%2Fb%3Fc%23d%20e%25f"),
        ("\"WEB\"", r#""-._~AZaz09""#, "/aicc/WEB/-._~AZaz09"),
        ("\"WEB\"", r#""\u0000\n\"\\""#, "/aicc/WEB/%00%0A%22%5C"),
        ("\"W B/微\"", "\"é\"", "/aicc/W%20B%2F%E5%BE%AE/%C3%A9"),
        ("\"..\"", "\".\"", "/aicc/../."),
        (r#""W\u0045B""#, "\"1\"", "/aicc/WEB/1"),
        ("\"LINE\"", &emoji, &format!("/aicc/LINE/{}", "%F0%9F%98%80".repeat(256))),
    ];
    let mut cases: Vec<Case> = table
        .iter()
        .map(|(channel, from, source)| {
            let value = message(&[("channel", channel), ("from", from)]);
            Case::delivered(source, push_of(&value), vec![Expected::message(&value).source(source)])
        })
        .collect();
    let long = string_of("Ä", 256);
    for (control_type, event_type) in [
        ("\"TRANS2AGENT\"", "aicc.message.trans2agent"),
        ("\"ÄrGEr Ünd\"", "aicc.message.Ärger Ünd"),
        (r#""A\u0000B😀""#, "aicc.message.a\0b😀"),
        (long.as_str(), &format!("aicc.message.{}", "Ä".repeat(256))),
    ] {
        let value = message(&[("controlType", control_type)]);
        let record = Expected::message(&value).event_type(event_type);
        cases.push(Case::delivered(event_type, push_of(&value), vec![record]));
    }
    check("sources", &[], &cases);
}

#[test]
fn users_of_any_script_are_keys() {
    let emoji = string_of("👩‍💻", 85);
    let users =
        [r#""a\u0000b""#, r#""\u0000""#, "\"😀\"", r#""\ud83d\ude00""#, "\" \"", "\"张\u{301}三\"", &emoji];
    let cases = users.map(|user| {
        let value = message(&[("to", user)]);
        Case::delivered(user, push_of(&value), vec![Expected::message(&value)])
    });
    check("users", &[], &cases);
}

#[test]
fn only_the_exact_channel_has_its_topic() {
    let cases = ["web", "WEB ", "Whatsapp", "WEBB", "WE", "\\u0000"].map(|channel| {
        let value = message(&[("channel", &format!("\"{channel}\""))]);
        let source = match channel {
            "WEB " => "/aicc/WEB%20/202105284494222653".to_owned(),
            "\\u0000" => "/aicc/%00/202105284494222653".to_owned(),
            channel => format!("/aicc/{channel}/202105284494222653"),
        };
        let record = Expected::message(&value).place_in(Place::Other).source(&source);
        Case::delivered(channel, push_of(&value), vec![record])
    });
    check("channels", &[], &cases);
}

#[test]
fn trace_context_is_handed_on_only_where_the_request_has_it() {
    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const STATE: &str = "vendor=a,other=b";
    let value = |content: &str| message(&[("content", &format!("\"{content}\""))]);
    let case = |name: &str, record: fn(Expected) -> Expected| {
        let value = value(name);
        Case::delivered(name, push_of(&value), vec![record(Expected::message(&value))])
    };
    let cases = [
        case("neither", |record| record),
        case("parent", |record| record.header("traceparent", PARENT)).with("traceparent", PARENT),
        case("both", |record| record.header("traceparent", PARENT).header("tracestate", STATE))
            .with("Traceparent", PARENT)
            .with("TraceState", STATE),
    ];
    check("traces", &[], &cases);
}
