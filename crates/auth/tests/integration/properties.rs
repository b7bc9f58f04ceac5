//! What must hold for every request: what is signed verifies, what was changed does not, nothing panics.

use aicc_auth::{
    Authorization, Identity, IdentityKind, KeySet, Refusal, Rules, Secret, SignedHeaders, canonical_request,
    sign,
};
use proptest::{option, prelude::*, sample::Index};

use crate::fixture::{Push, keys};

/// A push, who signs it, and how.
#[derive(Debug, Clone)]
struct Signed {
    push: Push,
    access_key: String,
    secret: String,
    timestamp: String,
    rules: Rules,
    value: String,
}

impl Signed {
    fn keys(&self) -> KeySet {
        keys(&[(&self.access_key, &self.secret)])
    }

    /// Verifies a changed push, or a changed header.
    fn verify(&self, push: &Push, value: &[u8]) -> Result<(), Refusal> {
        let authorization = Authorization::parse(value)?;
        self.keys().verify(&authorization, &push.request(), &self.rules, &mut Vec::new()).map(drop)
    }

    fn canonical(&self, push: &Push) -> Vec<u8> {
        let list = self.value.split('/').nth(3).unwrap();
        canonical_request(&push.request(), SignedHeaders::parse(list).unwrap(), &self.rules).unwrap()
    }
}

fn push() -> impl Strategy<Value = Push> {
    let header = |name: &'static str| {
        prop::collection::vec(any::<u8>(), 1..20).prop_map(move |value| (name.to_owned(), value))
    };
    (
        "[A-Z]{1,8}",
        "/[!-~]{0,30}",
        option::of("[&=%a-cA-C0-3+~/-]{1,30}"),
        (header("Host"), header("X-A"), header("x-a-b")),
        prop::collection::vec(any::<u8>(), 1..6000),
    )
        .prop_map(|(method, path, query, (host, a, b), body)| Push {
            method,
            path,
            query,
            headers: vec![host, a, b],
            body,
        })
}

fn signed() -> impl Strategy<Value = Signed> {
    let timestamp = prop_oneof![
        "20[0-9]{2}-0[1-9]-[12][0-8]T[01][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{3})?Z",
        "[0-9]{1,18}",
    ];
    let rules = (any::<bool>(), "(/[a-z]{1,5})?").prop_map(|(always_sign_query_line, signed_path_prefix)| {
        Rules { always_sign_query_line, signed_path_prefix, required_signed_headers: vec!["host".to_owned()] }
    });
    (push(), "[a-z0-9-]{1,12}", "[ -~]{1,80}", timestamp, rules).prop_map(
        |(push, access_key, secret, timestamp, rules)| {
            let names = ["Host", "X-A-B", "X-A"];
            let key = Secret::new(secret.as_str());
            let value = sign(&access_key, &key, &timestamp, &names, &push.request(), &rules).unwrap();
            Signed { push, access_key, secret, timestamp, rules, value }
        },
    )
}

/// Changes one byte of a text to another visible one.
fn change_char(text: &mut String, at: Index, by: u8) {
    let mut bytes = std::mem::take(text).into_bytes();
    let byte = at.get_mut(&mut bytes);
    *byte = b'!' + (*byte - b'!' + 1 + by % 93) % 94;
    *text = String::from_utf8(bytes).unwrap();
}

/// Changes one byte to any other.
fn change_byte(bytes: &mut [u8], at: Index, by: u8) {
    let byte = at.get_mut(bytes);
    *byte = byte.wrapping_add(1 + by % 255);
}

proptest! {
    #[test]
    fn what_is_signed_verifies(signed in signed()) {
        let keys = signed.keys();
        let identity = Identity { name: &signed.access_key, secret: 1, kind: IdentityKind::AccessKey };
        prop_assert_eq!(signed.push.verify(&keys, &signed.value, &signed.rules), Ok(identity));
    }

    #[test]
    fn the_timestamp_stands_in_the_header_as_given(signed in signed()) {
        prop_assert_eq!(signed.value.split('/').nth(2), Some(signed.timestamp.as_str()));
    }

    #[test]
    fn a_changed_byte_of_the_method_does_not_verify(signed in signed(), at: Index, by: u8) {
        let mut push = signed.push.clone();
        change_char(&mut push.method, at, by);
        prop_assert_eq!(signed.verify(&push, signed.value.as_bytes()), Err(Refusal::WrongSignature));
    }

    #[test]
    fn a_changed_byte_of_the_path_does_not_verify(signed in signed(), at: Index, by: u8) {
        let mut push = signed.push.clone();
        change_char(&mut push.path, at, by);
        prop_assert_eq!(signed.verify(&push, signed.value.as_bytes()), Err(Refusal::WrongSignature));
    }

    #[test]
    fn a_changed_byte_of_the_query_verifies_only_if_it_means_the_same(signed in signed(), at: Index, by: u8) {
        let mut push = signed.push.clone();
        match &mut push.query {
            Some(query) => change_char(query, at, by),
            none => *none = Some("added".to_owned()),
        }
        let means_the_same = signed.canonical(&push) == signed.canonical(&signed.push);
        prop_assert_eq!(signed.verify(&push, signed.value.as_bytes()).is_ok(), means_the_same);
    }

    #[test]
    fn a_changed_byte_of_a_signed_header_verifies_only_if_it_is_trimmed_away(
        signed in signed(), header: Index, at: Index, by: u8,
    ) {
        let mut push = signed.push.clone();
        let (_, value) = header.get_mut(&mut push.headers);
        let before = value.trim_ascii().to_vec();
        change_byte(value, at, by);
        let means_the_same = value.trim_ascii() == before;
        prop_assert_eq!(signed.verify(&push, signed.value.as_bytes()).is_ok(), means_the_same);
    }

    #[test]
    fn a_changed_byte_of_the_body_does_not_verify(signed in signed(), at: Index, by: u8) {
        let mut push = signed.push.clone();
        change_byte(&mut push.body, at, by);
        prop_assert_eq!(signed.verify(&push, signed.value.as_bytes()), Err(Refusal::WrongSignature));
    }

    #[test]
    fn a_body_cut_short_does_not_verify(signed in signed(), at: Index) {
        let mut push = signed.push.clone();
        push.body.truncate(at.index(push.body.len()));
        prop_assert_eq!(signed.verify(&push, signed.value.as_bytes()), Err(Refusal::WrongSignature));
    }

    #[test]
    fn a_changed_byte_of_the_authorization_does_not_verify(signed in signed(), at: Index, by: u8) {
        let mut value = signed.value.clone().into_bytes();
        change_byte(&mut value, at, by);
        prop_assert!(signed.verify(&signed.push, &value).is_err());
    }

    #[test]
    fn a_changed_digit_of_each_part_of_the_authorization_does_not_verify(
        signed in signed(), part in 1_usize..5, at: Index, by: u8,
    ) {
        let mut parts: Vec<String> = signed.value.split('/').map(str::to_owned).collect();
        // A digit instead of any character keeps most of the headers well-formed, so that the signature decides.
        let mut bytes = std::mem::take(&mut parts[part]).into_bytes();
        let byte = at.get_mut(&mut bytes);
        let digit = b'0' + by % 10;
        *byte = if *byte == digit { b'0' + (by % 10 + 1) % 10 } else { digit };
        parts[part] = String::from_utf8(bytes).unwrap();
        prop_assert!(signed.verify(&signed.push, parts.join("/").as_bytes()).is_err());
    }

    #[test]
    fn a_changed_byte_of_the_secret_does_not_verify(signed in signed(), at: Index, by: u8) {
        let mut secret = signed.secret.clone().into_bytes();
        let byte = at.get_mut(&mut secret);
        *byte = b' ' + (*byte - b' ' + 1 + by % 94) % 95;
        let changed = Signed { secret: String::from_utf8(secret).unwrap(), ..signed.clone() };
        prop_assert_eq!(changed.verify(&signed.push, signed.value.as_bytes()), Err(Refusal::WrongSignature));
    }

    #[test]
    fn parsing_never_panics_on_any_bytes(value: Vec<u8>, now: i64) {
        if let Ok(authorization) = Authorization::parse(&value) {
            let _ = authorization.check_clock(now, std::time::Duration::ZERO);
        }
    }

    #[test]
    fn parsing_never_panics_on_nearly_well_formed_headers(
        value in "(auth-v2|Bearer)[/ ][ -~您]{0,9}/[0-9T:.Z-]{0,24}/[a-z;A您-]{0,9}/[0-9a-f]{63,65}",
        now: i64,
    ) {
        if let Ok(authorization) = Authorization::parse(value.as_bytes()) {
            let _ = authorization.check_clock(now, std::time::Duration::ZERO);
        }
    }
}
