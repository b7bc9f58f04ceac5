//! Every answer carries a request id, and the records of its push carry the same.

use crate::support::{Relay, Request, code};

fn push(content: &str) -> Request {
    let message = format!(
        r#"{{"from":"1","channel":"WEB","to":"2","controlType":"CHAT","mediaType":"TEXT","content":"{content}","sourceType":"AGENT","timestamp":3}}"#
    );
    Request::push(format!(r#"{{"timestamp":1,"messages":[{message}]}}"#))
}

#[test]
fn a_usable_request_id_is_taken_over_and_another_is_replaced() {
    let relay = Relay::start("request-ids");
    let longest = "x".repeat(128);
    let too_long = "x".repeat(129);
    let usable = ["a", "A-z_0.9", "0192f7c1-8a3b-7c4d-9e5f-0123456789ab", "-", "...", &longest];
    let unusable = ["", "a b", "a/b", "a;b", "a,b", "ü", "{}", "a\tb", &too_long];
    for (index, id) in usable.iter().chain(&unusable).enumerate() {
        let signed = push(&index.to_string()).signed().with("X-Request-Id", id);
        let unsigned = signed.clone().without("Authorization");
        let other_path = signed.clone().target("/other");
        for (request, result_code) in [(signed, "0"), (unsigned, "4010"), (other_path, "4040")] {
            let response = relay.send(&request);
            assert_eq!(code(&response), result_code, "{id:?}");
            let answered = response.header("x-request-id").expect("a request id");
            if index < usable.len() {
                assert_eq!(answered, *id);
            } else {
                assert_ne!(answered, *id);
                let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
                assert!((1..=128).contains(&answered.len()) && answered.bytes().all(allowed), "{answered:?}");
            }
            if result_code == "0" {
                let prefix = format!("{answered};0/1;");
                let records = relay.records(index + 1);
                let of_push = |push: &[u8]| push.starts_with(prefix.as_bytes());
                let found = records.iter().filter(|record| record.header("aicc-push").is_some_and(of_push));
                assert_eq!(found.count(), 1, "{id:?}");
            }
        }
    }
}

#[test]
fn requests_without_an_id_get_different_ones() {
    let relay = Relay::start("new-ids");
    let mut ids: Vec<_> = (0..20)
        .map(|_| relay.send(&Request::push("{}")).header("x-request-id").expect("a request id").to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20);
}
