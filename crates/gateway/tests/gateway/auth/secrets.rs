//! Where secrets come from: several of one key, bearer tokens, files, and mounted directories.

use std::fs;
use std::os::unix::fs::symlink;

use aicc_testkit::Kafka;
use tempfile::tempdir;

use super::push_under;
use crate::support::{ACCESS_KEY, EMPTY_PUSH, Relay, Request, SECRET, Signer, expect};

fn by(access_key: &str, secret: &str) -> Request {
    let (access_key, secret) = (access_key.to_owned(), secret.to_owned());
    Request::push(EMPTY_PUSH).signed_by(&Signer { access_key, secret, ..Signer::default() })
}

#[test]
fn every_secret_of_a_key_and_every_token_is_taken() {
    let dir = tempdir().expect("a folder");
    fs::write(dir.path().join("secret"), "from-a-file\r\n").expect("a file");
    fs::write(dir.path().join("token"), "token-from-a-file\n").expect("a file");
    let path = dir.path().display();
    let more = format!(
        r#"
[[auth.access_keys]]
access_key = "{ACCESS_KEY}"
secret = "the-next-secret"
[[auth.access_keys]]
access_key = "other"
secret_file = "{path}/secret"
[[auth.bearer_tokens]]
name = "aicc"
token = "a-token"
[[auth.bearer_tokens]]
name = "aicc-2"
token_file = "{path}/token"
"#
    );
    let relay = Relay::on(Kafka::shared(), "secrets", &[], &more);
    for (access_key, secret, status, code) in [
        (ACCESS_KEY, SECRET, 200, "0"),
        (ACCESS_KEY, "the-next-secret", 200, "0"),
        ("other", "from-a-file", 200, "0"),
        ("other", SECRET, 401, "4011"),
        (ACCESS_KEY, "from-a-file", 401, "4011"),
        ("aicc", "a-token", 401, "4011"),
    ] {
        let name = format!("{access_key} by {secret}");
        expect(&name, &relay.send(&by(access_key, secret)), status, code);
    }
    for (authorization, status, code) in [
        ("Bearer a-token", 200, "0"),
        ("bearer a-token", 200, "0"),
        ("BEARER   token-from-a-file", 200, "0"),
        ("Bearer A-TOKEN", 401, "4011"),
        ("Bearer a-toke", 401, "4011"),
        ("Bearer a-token2", 401, "4011"),
        ("Bearer aicc", 401, "4011"),
    ] {
        expect(authorization, &relay.send(&push_under(authorization)), status, code);
    }
}

#[test]
fn a_tokens_name_stands_in_the_header_of_its_records() {
    let more = "[[auth.bearer_tokens]]\nname = \"aicc-token\"\ntoken = \"a-token\"\n";
    let relay = Relay::on(Kafka::shared(), "token-name", &[], more);
    let message = r#"{"from":"1","channel":"WEB","to":"2","controlType":"CONNECT","sourceType":"SYSTEM","timestamp":3}"#;
    let request = Request::push(format!(r#"{{"timestamp":4,"messages":[{message}]}}"#))
        .with("Authorization", "Bearer a-token")
        .with("X-Request-Id", "by-token");
    expect("a token", &relay.send(&request), 200, "0");
    let records = relay.records(1);
    assert_eq!(records[0].header("aicc-push"), Some(b"by-token;0/1;4;aicc-token".as_slice()));
}

/// As Kubernetes mounts a Secret: the files are symbolic links through `..data`.
#[test]
fn mounted_directories_are_read_without_their_dot_files() {
    let dir = tempdir().expect("a folder");
    let data = dir.path().join("..2026_01_01");
    fs::create_dir(&data).expect("a folder");
    for (name, text) in [("web", "first-secret\nsecond-secret\n"), ("app", "  app-secret \r\n\n")] {
        fs::write(data.join(name), text).expect("a file");
        symlink(format!("..data/{name}"), dir.path().join(name)).expect("a link");
    }
    symlink("..2026_01_01", dir.path().join("..data")).expect("a link");
    fs::write(dir.path().join(".hidden"), "hidden-secret\n").expect("a file");
    let tokens = tempdir().expect("a folder");
    fs::write(tokens.path().join("aicc"), "mounted-token\nnext-token").expect("a file");
    let (keys, tokens) = (dir.path().display().to_string(), tokens.path().display().to_string());
    let settings = [("auth.access_keys_dir", keys.as_str()), ("auth.bearer_tokens_dir", &tokens)];
    let relay = Relay::start_with("mounted", &settings);
    for (access_key, secret, status, code) in [
        ("web", "first-secret", 200, "0"),
        ("web", "second-secret", 200, "0"),
        ("app", "app-secret", 200, "0"),
        (ACCESS_KEY, SECRET, 200, "0"),
        (".hidden", "hidden-secret", 401, "4011"),
        ("hidden", "hidden-secret", 401, "4011"),
        ("app", "first-secret", 401, "4011"),
        ("..data", "first-secret", 401, "4011"),
    ] {
        let name = format!("{access_key} by {secret}");
        expect(&name, &relay.send(&by(access_key, secret)), status, code);
    }
    for (token, status, code) in
        [("mounted-token", 200, "0"), ("next-token", 200, "0"), ("aicc", 401, "4011")]
    {
        expect(token, &relay.send(&push_under(&format!("Bearer {token}"))), status, code);
    }
}
