//! Key sets: which credentials they take, rotation of secrets, and that nothing of a secret can be printed.

use aicc_auth::{Authorization, Identity, IdentityKind, KeySet, KeySetError, Refusal, Rules, Secret, sign};

use crate::fixture::{Push, SIGNED_HEADERS, TIMESTAMP, keys};

fn verify<'a>(keys: &'a KeySet, access_key: &str, secret: &str) -> Result<Identity<'a>, Refusal> {
    let push = Push::default();
    let (secret, rules) = (Secret::new(secret), Rules::default());
    let value = sign(access_key, &secret, TIMESTAMP, &SIGNED_HEADERS, &push.request(), &rules).unwrap();
    push.verify(keys, &value, &rules)
}

#[test]
fn during_a_rotation_each_secret_is_taken_and_told_by_its_place() {
    let keys = keys(&[("web", "old"), ("whatsapp", "single"), ("web", "new")]);
    let identity = |name, secret| Ok(Identity { name, secret, kind: IdentityKind::AccessKey });
    assert_eq!(verify(&keys, "web", "old"), identity("web", 1));
    assert_eq!(verify(&keys, "web", "new"), identity("web", 2));
    assert_eq!(verify(&keys, "whatsapp", "single"), identity("whatsapp", 1));
}

#[test]
fn a_secret_opens_only_its_own_access_key() {
    let keys = keys(&[("web", "old"), ("web", "new"), ("whatsapp", "single")]);
    for (access_key, secret) in
        [("web", "single"), ("whatsapp", "old"), ("whatsapp", "new"), ("web", "older")]
    {
        assert_eq!(verify(&keys, access_key, secret), Err(Refusal::WrongSignature), "{access_key} {secret}");
    }
}

#[test]
fn of_a_secret_that_is_there_twice_the_first_counts() {
    let keys = keys(&[("web", "same"), ("web", "same")]);
    assert_eq!(verify(&keys, "web", "same").unwrap().secret, 1);
}

#[test]
fn an_empty_key_set_refuses_everything() {
    let mut keys = KeySet::default();
    assert!(keys.is_empty());
    assert_eq!(verify(&keys, "web", "secret"), Err(Refusal::UnknownAccessKey));
    keys.add_bearer_token("t", &Secret::new("token")).unwrap();
    assert!(!keys.is_empty());
    assert_eq!(verify(&keys, "web", "secret"), Err(Refusal::UnknownAccessKey));
}

#[test]
fn names_that_could_not_be_told_apart_are_errors() {
    let mut keys = KeySet::default();
    for name in ["", "a/b", "a;b", "a b", "a\n", "密钥"] {
        let added = keys.add_access_key(name, &Secret::new("secret"));
        assert_eq!(added, Err(KeySetError::InvalidName), "{name:?}");
        let added = keys.add_bearer_token(name, &Secret::new("token"));
        assert_eq!(added, Err(KeySetError::InvalidName), "{name:?}");
    }
    assert!(keys.is_empty());
}

#[test]
fn secrets_and_tokens_that_cannot_be_used_are_errors() {
    let mut keys = KeySet::default();
    assert_eq!(keys.add_access_key("web", &Secret::new("")), Err(KeySetError::EmptySecret));
    for token in ["", "a b", "token\n", "令牌"] {
        let added = keys.add_bearer_token("t", &Secret::new(token));
        assert_eq!(added, Err(KeySetError::InvalidToken), "{token:?}");
    }
    assert!(keys.is_empty());
}

#[test]
fn debug_output_shows_names_and_no_secret() {
    let mut keys = keys(&[("web", "s3cret")]);
    keys.add_bearer_token("console", &Secret::new("t0ken")).unwrap();
    let bearer = Authorization::parse(b"Bearer t0ken").unwrap();
    let value = format!("auth-v2/web/0/host/{}", "5".repeat(64));
    let signed = Authorization::parse(value.as_bytes()).unwrap();

    let text = format!("{keys:?} {:?} {bearer:?} {signed:?}", Secret::new("s3cret"));
    assert!(text.contains("web") && text.contains("console"), "{text}");
    for hidden in ["s3cret", "t0ken", "5555"] {
        assert!(!text.contains(hidden), "{text}");
    }
}
