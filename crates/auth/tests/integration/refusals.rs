//! Well-formed requests that do not authenticate, what cannot be signed, and the labels of all refusals.

use std::collections::HashSet;

use aicc_auth::{Refusal, RefusalClass, Rules, Secret, sign};

use crate::fixture::{ACCESS_KEY, Push, SECRET, SIGNED_HEADERS, TIMESTAMP, keys};

#[track_caller]
fn assert_denied(push: &Push, value: &str, rules: &Rules, expected: Refusal) {
    let keys = keys(&[(ACCESS_KEY, SECRET)]);
    assert_eq!(push.verify(&keys, value, rules), Err(expected));
    assert_eq!(expected.class(), RefusalClass::Denied);
}

#[test]
fn an_unknown_access_key_is_denied_even_with_a_known_secret() {
    let push = Push::default();
    let (secret, rules) = (Secret::new(SECRET), Rules::default());
    let value = sign("other", &secret, TIMESTAMP, &SIGNED_HEADERS, &push.request(), &rules).unwrap();
    assert_denied(&push, &value, &rules, Refusal::UnknownAccessKey);
}

#[test]
fn the_empty_secret_that_stands_in_for_a_missing_one_opens_nothing() {
    let push = Push::default();
    let (empty, rules) = (Secret::new(""), Rules::default());
    let unknown = sign("other", &empty, TIMESTAMP, &SIGNED_HEADERS, &push.request(), &rules).unwrap();
    let known = sign(ACCESS_KEY, &empty, TIMESTAMP, &SIGNED_HEADERS, &push.request(), &rules).unwrap();
    // Another key under rotation makes stand-ins necessary for the key with one secret, too.
    let keys = keys(&[(ACCESS_KEY, SECRET), ("rotated", "old"), ("rotated", "new")]);
    assert_eq!(push.verify(&keys, &unknown, &rules), Err(Refusal::UnknownAccessKey));
    assert_eq!(push.verify(&keys, &known, &rules), Err(Refusal::WrongSignature));
}

#[test]
fn another_secret_or_body_is_a_wrong_signature() {
    let push = Push::default();
    let rules = Rules::default();
    let forged =
        sign(ACCESS_KEY, &Secret::new("guess"), TIMESTAMP, &SIGNED_HEADERS, &push.request(), &rules).unwrap();
    assert_denied(&push, &forged, &rules, Refusal::WrongSignature);

    let value = push.sign(&rules).unwrap();
    let changed = Push { body: b"{}".to_vec(), ..push };
    assert_denied(&changed, &value, &rules, Refusal::WrongSignature);
}

#[test]
fn a_signed_header_must_be_there_once() {
    let rules = Rules::default();
    let push = Push::default();
    let value = push.sign(&rules).unwrap();

    let mut without = push.clone();
    without.headers.pop();
    assert_denied(&without, &value, &rules, Refusal::SignedHeaderMissing);

    let mut twice = push;
    twice.headers.push(("HOST".to_owned(), b"relay.example.com".to_vec()));
    assert_denied(&twice, &value, &rules, Refusal::SignedHeaderRepeated);
}

#[test]
fn headers_that_are_not_signed_do_not_matter() {
    let rules = Rules::default();
    let push = Push::default();
    let value = push.sign(&rules).unwrap();
    let mut more = push;
    more.headers.extend([("Via".to_owned(), b"a".to_vec()), ("Via".to_owned(), b"b".to_vec())]);
    assert!(more.verify(&keys(&[(ACCESS_KEY, SECRET)]), &value, &rules).is_ok());
}

#[test]
fn a_required_header_must_be_signed() {
    let push = Push::default();
    let value = push.sign(&Rules::default()).unwrap();
    let requiring = |name: &str| Rules { required_signed_headers: vec![name.to_owned()], ..Rules::default() };
    assert!(push.verify(&keys(&[(ACCESS_KEY, SECRET)]), &value, &requiring("Host")).is_ok());
    assert_denied(&push, &value, &requiring("x-tenant"), Refusal::RequiredHeaderNotSigned);
}

#[test]
fn sender_and_receiver_must_follow_the_same_rules() {
    let push = Push::default();
    let keys = keys(&[(ACCESS_KEY, SECRET)]);
    let all = [
        Rules::default(),
        Rules { always_sign_query_line: true, ..Rules::default() },
        Rules { signed_path_prefix: "/aicc".to_owned(), ..Rules::default() },
    ];
    for senders in &all {
        let value = push.sign(senders).unwrap();
        for receivers in &all {
            assert_eq!(push.verify(&keys, &value, receivers).is_ok(), senders == receivers);
        }
    }
}

#[test]
fn behind_a_proxy_that_strips_a_prefix_the_outer_path_verifies() {
    let outer = Push { path: "/aicc/webhooks/v1/messages".to_owned(), ..Push::default() };
    let value = outer.sign(&Rules::default()).unwrap();
    let rules = Rules { signed_path_prefix: "/aicc".to_owned(), ..Rules::default() };
    assert!(Push::default().verify(&keys(&[(ACCESS_KEY, SECRET)]), &value, &rules).is_ok());
}

#[test]
fn what_would_be_refused_cannot_be_signed() {
    let push = Push::default();
    let rules = Rules::default();
    let refusal = |access_key: &str, timestamp: &str, names: &[&str], rules: &Rules| {
        sign(access_key, &Secret::new(SECRET), timestamp, names, &push.request(), rules)
            .unwrap_err()
            .refusal()
    };
    assert_eq!(refusal("", TIMESTAMP, &["host"], &rules), Refusal::AccessKeyMalformed);
    assert_eq!(refusal("a/b", TIMESTAMP, &["host"], &rules), Refusal::WrongNumberOfParts);
    assert_eq!(refusal("k", "now", &["host"], &rules), Refusal::TimestampMalformed);
    assert_eq!(refusal("k", TIMESTAMP, &[], &rules), Refusal::SignedHeadersMalformed);
    assert_eq!(refusal("k", TIMESTAMP, &["x-tenant"], &rules), Refusal::SignedHeaderMissing);
    let requiring = Rules { required_signed_headers: vec!["x-tenant".to_owned()], ..rules };
    assert_eq!(refusal("k", TIMESTAMP, &["host"], &requiring), Refusal::RequiredHeaderNotSigned);
}

#[test]
fn names_to_sign_may_come_in_any_order_and_case_and_twice() {
    let push = Push::default();
    let (secret, rules) = (Secret::new(SECRET), Rules::default());
    let names = ["Host", "CONTENT-TYPE", "host"];
    let value = sign(ACCESS_KEY, &secret, TIMESTAMP, &names, &push.request(), &rules).unwrap();
    assert_eq!(value, push.sign(&rules).unwrap());
}

#[test]
fn every_refusal_has_a_label_and_a_text_of_its_own() {
    use Refusal::*;
    let all = [
        Missing,
        Repeated,
        NotAscii,
        OtherScheme,
        WrongNumberOfParts,
        AccessKeyMalformed,
        TimestampMalformed,
        SignedHeadersMalformed,
        SignedHeadersUnsorted,
        SignatureMalformed,
        BearerTokenMalformed,
        ClockSkew,
        RequiredHeaderNotSigned,
        SignedHeaderMissing,
        SignedHeaderRepeated,
        UnknownAccessKey,
        WrongSignature,
        UnknownToken,
    ];
    let labels: HashSet<_> = all.iter().map(|refusal| refusal.reason()).collect();
    let texts: HashSet<_> = all.iter().map(ToString::to_string).collect();
    assert_eq!((labels.len(), texts.len()), (all.len(), all.len()));
    assert!(labels.iter().all(|label| label.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
    for refusal in [Missing, Repeated] {
        assert_eq!(refusal.class(), RefusalClass::Unusable);
    }
}
