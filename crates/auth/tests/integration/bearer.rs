//! Fixed bearer tokens.

use aicc_auth::{Identity, IdentityKind, KeySet, Refusal, RefusalClass, Rules, Secret};

use crate::fixture::Push;

fn tokens(tokens: &[(&str, &str)]) -> KeySet {
    let mut keys = KeySet::default();
    for (name, token) in tokens {
        keys.add_bearer_token(name, &Secret::new(*token)).unwrap();
    }
    keys
}

fn verify<'a>(keys: &'a KeySet, value: &str) -> Result<Identity<'a>, Refusal> {
    Push::default().verify(keys, value, &Rules::default())
}

#[test]
fn each_token_is_taken_and_told_by_name_and_place() {
    let keys = tokens(&[("a", "first"), ("b", "other"), ("a", "second")]);
    let identity = |name, secret| Ok(Identity { name, secret, kind: IdentityKind::BearerToken });
    assert_eq!(verify(&keys, "Bearer first"), identity("a", 1));
    assert_eq!(verify(&keys, "Bearer second"), identity("a", 2));
    assert_eq!(verify(&keys, "bearer other"), identity("b", 1));
}

#[test]
fn anything_but_the_whole_token_is_denied() {
    let keys = tokens(&[("a", "token")]);
    for value in ["Bearer t", "Bearer toke", "Bearer tokens", "Bearer Token", "Bearer a"] {
        assert_eq!(verify(&keys, value), Err(Refusal::UnknownToken), "{value}");
    }
    assert_eq!(Refusal::UnknownToken.class(), RefusalClass::Denied);
}

#[test]
fn of_two_names_with_the_same_token_the_first_counts() {
    let keys = tokens(&[("a", "same"), ("b", "same")]);
    assert_eq!(verify(&keys, "Bearer same").unwrap().name, "a");
}

#[test]
fn the_secret_of_an_access_key_is_no_token() {
    let mut keys = tokens(&[("a", "token")]);
    keys.add_access_key("web", &Secret::new("secret")).unwrap();
    assert_eq!(verify(&keys, "Bearer secret"), Err(Refusal::UnknownToken));
}
