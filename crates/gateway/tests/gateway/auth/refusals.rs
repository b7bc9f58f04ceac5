//! 4010, 4011 and 4012: every way in which a credential can be wrong.

use std::collections::BTreeSet;
use std::time::Duration;

use aicc_auth::format_timestamp;

use super::{push_under, signed_push};
use crate::support::{ACCESS_KEY, EMPTY_PUSH, Relay, Request, SECRET, Signer, desc, expect, unix_ms};

/// Of the right form, and of no secret.
const SIGNATURE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

#[test]
fn a_header_that_is_missing_repeated_or_broken_is_4010() {
    let relay = Relay::start("unusable");
    let now = format_timestamp(unix_ms());
    let key = ACCESS_KEY;
    let values = [
        String::new(),
        "auth-v2".to_owned(),
        "auth-v2/".to_owned(),
        format!("auth-v2/{key}/{now}/host"),
        format!("auth-v2/{key}/{now}/{SIGNATURE}"),
        format!("auth-v2/{key}/{now}/host/{SIGNATURE}/"),
        format!("auth-v2/{key}/{now}/host/x/{SIGNATURE}"),
        format!("auth-v2//{now}/host/{SIGNATURE}"),
        format!("auth-v2/a key/{now}/host/{SIGNATURE}"),
        format!("auth-v2/ключ/{now}/host/{SIGNATURE}"),
        format!("auth-v2/{key}\t/{now}/host/{SIGNATURE}"),
        format!("auth-v2/{key}//host/{SIGNATURE}"),
        format!("auth-v2/{key}/now/host/{SIGNATURE}"),
        format!("auth-v2/{key}/{}/host/{SIGNATURE}", now.replace('Z', "+00:00")),
        format!("auth-v2/{key}/{}/host/{SIGNATURE}", now.replace('T', " ")),
        format!("auth-v2/{key}/2021-02-29T06:27:33Z/host/{SIGNATURE}"),
        format!("auth-v2/{key}/99999999999999999999/host/{SIGNATURE}"),
        format!("auth-v2/{key}/-1/host/{SIGNATURE}"),
        format!("auth-v2/{key}/{now}//{SIGNATURE}"),
        format!("auth-v2/{key}/{now}/;/{SIGNATURE}"),
        format!("auth-v2/{key}/{now}/host;/{SIGNATURE}"),
        format!("auth-v2/{key}/{now}/Host/{SIGNATURE}"),
        format!("auth-v2/{key}/{now}/host;content-type/{SIGNATURE}"),
        format!("auth-v2/{key}/{now}/host;host/{SIGNATURE}"),
        format!("auth-v2/{key}/{now}/host,x/{SIGNATURE}"),
        format!("auth-v2/{key}/{now}/host/"),
        format!("auth-v2/{key}/{now}/host/{}", &SIGNATURE[1..]),
        format!("auth-v2/{key}/{now}/host/{SIGNATURE}0"),
        format!("auth-v2/{key}/{now}/host/{}", SIGNATURE.to_uppercase()),
        format!("auth-v2/{key}/{now}/host/{}", SIGNATURE.replace('f', "g")),
        format!("AUTH-V2/{key}/{now}/host/{SIGNATURE}"),
        format!("auth-v1/{key}/{now}/host/{SIGNATURE}"),
        format!("auth-v2/{key}/{now}/host/{SIGNATURE} ").replace("v2/", "v2 /"),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer a b".to_owned(),
        "Bearer töken".to_owned(),
        "Basic dXNlcjpwYXNz".to_owned(),
        "Negotiate".to_owned(),
        SECRET.to_owned(),
    ];
    for value in values {
        let response = relay.send(&push_under(&value));
        expect(&format!("{value:?}"), &response, 401, "4010");
        let desc = desc(&response);
        assert!(!desc.contains(key) && !desc.contains(SECRET) && !desc.contains(SIGNATURE), "{desc}");
    }
    expect("none", &relay.send(&Request::push(EMPTY_PUSH)), 401, "4010");
    let signed = signed_push();
    let twice = signed.clone().with("authorization", &header(&signed, "Authorization"));
    expect("the right one twice", &relay.send(&twice), 401, "4010");
    let and_a_token = signed.with("AUTHORIZATION", "Bearer x");
    expect("a second scheme", &relay.send(&and_a_token), 401, "4010");
}

#[test]
fn wrong_credentials_are_4011_with_one_answer_for_all() {
    let relay = Relay::start("denied");
    let signed = signed_push();
    let by = |signer: Signer| Request::push(EMPTY_PUSH).signed_by(&signer);
    let name = |text: &str| text.to_owned();
    let with_tenant =
        Signer { signed_headers: vec!["content-type", "host", "x-tenant"], ..Signer::default() };
    let tenant = Request::push(EMPTY_PUSH).with("X-Tenant", "a").signed_by(&with_tenant);
    let mut other_body = signed.clone();
    other_body.body = EMPTY_PUSH.replace('1', "2").into_bytes();
    let authorization = header(&signed, "Authorization");
    let (prefix, signature) = authorization.rsplit_once('/').expect("a signature");
    let last = if signature.ends_with('0') { '1' } else { '0' };
    let requests = [
        ("an unknown access key", by(Signer { access_key: name("nobody"), ..Signer::default() })),
        (
            "the access key in other case",
            by(Signer { access_key: ACCESS_KEY.to_uppercase(), ..Signer::default() }),
        ),
        ("a wrong secret", by(Signer { secret: name("wrong"), ..Signer::default() })),
        ("the secret in other case", by(Signer { secret: SECRET.to_lowercase(), ..Signer::default() })),
        (
            "a wrong last digit",
            signed.clone().replace("Authorization", &format!("{prefix}/{}{last}", &signature[..63])),
        ),
        ("another body", other_body),
        ("another query", signed.clone().target("/webhooks/v1/messages?a=1")),
        ("another host", signed.clone().replace("Host", "evil.example.com")),
        ("another content type", signed.clone().replace("Content-Type", "application/json; charset=utf-8")),
        (
            "another time",
            signed.clone().replace(
                "Authorization",
                &authorization
                    .replace(authorization.split('/').nth(2).expect("a timestamp"), &unix_ms().to_string()),
            ),
        ),
        ("a signed header missing", tenant.clone().without("X-Tenant")),
        ("a signed header twice", tenant.clone().with("x-tenant", "a")),
        ("a signed header changed", tenant.replace("X-Tenant", "b")),
        ("an unknown token", push_under("Bearer unknown")),
        ("a secret as a token", push_under(&format!("Bearer {SECRET}"))),
    ];
    let mut answers = BTreeSet::new();
    for (name, request) in requests {
        let response = relay.send(&request);
        expect(name, &response, 401, "4011");
        answers.insert((desc(&response), response.header("www-authenticate").map(str::to_owned)));
    }
    assert_eq!(answers.len(), 1, "the answer tells the reasons apart: {answers:?}");
    expect("the right one", &relay.send(&signed), 200, "0");
}

#[test]
fn a_signature_of_another_time_is_4012_whatever_else_it_is() {
    let relay = Relay::start_with("clock", &[("auth.max_clock_skew", "1m")]);
    let at = |offset: i64| Signer { timestamp: (unix_ms() + offset).to_string(), ..Signer::default() };
    for (offset, status, code) in [
        (-120_000, 401, "4012"),
        (120_000, 401, "4012"),
        (-30_000, 200, "0"),
        (30_000, 200, "0"),
        (-1_000_000_000_000, 401, "4012"),
    ] {
        let request = Request::push(EMPTY_PUSH).signed_by(&at(offset));
        expect(&format!("{offset} ms"), &relay.send(&request), status, code);
        let stranger = Signer { access_key: "nobody".to_owned(), ..at(offset) };
        let (status, code) = if status == 200 { (401, "4011") } else { (status, code) };
        let request = Request::push(EMPTY_PUSH).signed_by(&stranger);
        expect(&format!("an unknown key, {offset} ms"), &relay.send(&request), status, code);
    }
    let largest = Signer { timestamp: i64::MAX.to_string(), ..Signer::default() };
    expect("the end of time", &relay.send(&Request::push(EMPTY_PUSH).signed_by(&largest)), 401, "4012");
    let old = format_timestamp(unix_ms() - i64::try_from(Duration::from_mins(2).as_millis()).unwrap());
    let old = Signer { timestamp: old, ..Signer::default() };
    expect("in the usual form", &relay.send(&Request::push(EMPTY_PUSH).signed_by(&old)), 401, "4012");
}

fn header(request: &Request, name: &str) -> String {
    let found = request.headers.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.clone()).expect("a header")
}
