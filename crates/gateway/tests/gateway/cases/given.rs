//! The cases that lie in files, and the vendor's example.

use serde::Deserialize;

use super::{Case, Expected, Place, check};

const CASES: &str = include_str!("../../../../schema/tests/payloads/cases.json");
const SEED: &str = include_str!("../../../../schema/tests/payloads/seed_example.json");

/// The rule that makes a dead letter of a case's message; the files do not tell it.
const ERRORS: [(&str, &str); 4] = [
    ("missing_user_is_a_dead_letter", "to: required"),
    ("message_code_of_65_characters_is_a_dead_letter", "messageCode: longer than 64 characters"),
    ("chat_without_content_is_a_dead_letter", "content: required"),
    ("duplicate_field_is_a_dead_letter", "to: must not occur more than once"),
];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    name: String,
    body: String,
    status: u16,
    result_code: String,
    records: Vec<GivenRecord>,
}

#[derive(Deserialize)]
struct GivenRecord {
    topic: String,
    key: Option<String>,
    value: String,
}

#[test]
fn each_given_case_gets_its_answer_and_its_records() {
    let cases: Vec<Given> = serde_json::from_str(CASES).expect("a table of cases");
    assert_eq!(cases.len(), 19);
    let cases: Vec<Case> = cases.into_iter().map(case).collect();
    check("given", &[], &cases);
}

#[test]
fn the_vendors_example_is_relayed() {
    let messages = SEED.lines().filter(|line| line.starts_with("    {"));
    let records: Vec<_> = messages.map(|line| Expected::message(line.trim().trim_end_matches(','))).collect();
    assert_eq!(records.len(), 6);
    check("seed", &[], &[Case::delivered("seed_example", SEED, records)]);
}

fn case(given: Given) -> Case {
    let Given { name, body, status, result_code, records } = given;
    let records = records.iter().map(|record| expected(&name, record)).collect();
    Case::new(&name, body, status, &result_code, records)
}

fn expected(case: &str, record: &GivenRecord) -> Expected {
    let value = &record.value;
    let expected = match record.topic.as_str() {
        "aicc.downlink.dead-letter" => {
            let (_, error) =
                ERRORS.iter().find(|(name, _)| *name == case).expect("the rule of the dead letter");
            let expected = Expected::dead_letter(value, record.key.as_deref(), error);
            if value.contains(r#""from":"1""#) { expected.source("/aicc/WEB/1") } else { expected }
        }
        _ => Expected::message(value),
    };
    let place = match record.topic.as_str() {
        "aicc.downlink.web" => Place::Web,
        "aicc.downlink.whatsapp" => Place::Whatsapp,
        "aicc.downlink.other" => Place::Other,
        "aicc.downlink.dead-letter" => Place::DeadLetter,
        other => panic!("{case}: {other} is none of the shipped topics"),
    };
    assert_eq!(expected.place(), place, "{case}");
    assert_eq!(expected.key(), record.key.as_deref(), "{case}");
    expected
}
