//! `sign`: what it prints is what the gateway takes.

use std::fs;
use std::process::Command;

use aicc_auth::{Authorization, KeySet, Rules, Secret};
use tempfile::NamedTempFile;

use super::program::{Ended, gateway, paste, run_with_input};
use crate::support::{ACCESS_KEY, PATH, Relay, SECRET, SUCCESS};

const BODY: &[u8] = br#"{"timestamp":1625898453913,"messages":[]}"#;

/// `sign` with the usual access key, its secret in the environment.
fn sign(arguments: &[&str]) -> Command {
    let mut command = gateway(["sign", "--access-key", ACCESS_KEY]);
    command.args(arguments).env("AICC_SECRET", SECRET);
    command
}

fn file(content: &[u8]) -> NamedTempFile {
    let file = NamedTempFile::new().expect("a temporary file");
    fs::write(file.path(), content).expect("a temporary file");
    file
}

fn path(file: &NamedTempFile) -> &str {
    file.path().to_str().expect("a path of ASCII")
}

/// Whether the printed header is good for a request.
#[track_caller]
fn verify(output: &Ended, path: &str, query: Option<&str>, headers: &[(&str, &str)]) {
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{output:?}");
    let mut keys = KeySet::default();
    keys.add_access_key(ACCESS_KEY, &Secret::new(SECRET)).unwrap();
    let authorization = Authorization::parse(output.stdout.trim_end().as_bytes()).unwrap();
    let request = aicc_auth::Request { method: "POST", path, query, headers: &headers, body: BODY };
    let identity = keys.verify(&authorization, &request, &Rules::default(), &mut Vec::new());
    assert_eq!(identity.map(|identity| identity.name), Ok(ACCESS_KEY), "{output:?}");
}

#[test]
fn the_printed_header_verifies() {
    let body = file(BODY);
    let defaults = [("host", "localhost:8080"), ("content-type", "application/json")];
    verify(&run_with_input(sign(&[path(&body)]), b""), PATH, None, &defaults);
    verify(&run_with_input(sign(&["-"]), BODY), PATH, None, &defaults);

    let url = "https://relay.example.com/aicc/webhooks/v1/messages?b=2&a=1";
    let arguments =
        ["--url", url, "--header", "X-Tenant: 1", "--timestamp", "2021-07-10T06:27:33Z", path(&body)];
    let output = run_with_input(sign(&arguments), b"");
    let headers = [("host", "relay.example.com"), ("content-type", "application/json"), ("x-tenant", "1")];
    verify(&output, "/aicc/webhooks/v1/messages", Some("b=2&a=1"), &headers);
    let start = "auth-v2/aicc-web-01/2021-07-10T06:27:33Z/content-type;host;x-tenant/";
    assert!(output.stdout.starts_with(start), "{}", output.stdout);

    // As an editor leaves it.
    let secret = file(format!("{SECRET}\n").as_bytes());
    let mut from_file = sign(&["--secret-file", path(&secret), path(&body)]);
    from_file.env_remove("AICC_SECRET");
    verify(&run_with_input(from_file, b""), PATH, None, &defaults);
}

#[test]
fn the_printed_curl_sends_the_very_bytes_that_were_signed() {
    let relay = Relay::start("curl");
    let value = r#"{"from":"1","channel":"WEB","to":"it's \"7\"","controlType":"CHAT","mediaType":"TEXT",
	"content":"'; exit 1; ' $HOME `id` \\ 您好 😀\n", "sourceType":"AGENT","timestamp":1}"#;
    let body = format!("{{\"timestamp\":1,\n\n\"messages\":[\r\n{value}]}}\n");
    let file = file(body.as_bytes());
    let url = format!("http://{}{PATH}", relay.server());
    let header = "X-Note: it's \"quoted\"";

    let curl = run_with_input(sign(&["--curl", "--url", &url, "--header", header, path(&file)]), b"");
    assert_eq!(curl.code, 0, "{curl:?}");
    let sent = paste(&curl.stdout);

    assert_eq!((sent.code, sent.stdout.as_str()), (0, SUCCESS), "{sent:?}\n{}", curl.stdout);
    let records = relay.records(1);
    assert_eq!(records.len(), 1);
    assert_eq!(String::from_utf8_lossy(records[0].value.as_deref().unwrap()), value);
}

#[test]
fn what_cannot_be_signed_is_refused_with_what_to_mend() {
    let body = file(BODY);
    let not_utf8 = file(b"\xff");
    let mut no_secret = sign(&[path(&body)]);
    no_secret.env_remove("AICC_SECRET");
    for (command, expected) in [
        (no_secret, "--secret-file"),
        (sign(&["--secret-file", "/nowhere/secret", path(&body)]), "/nowhere/secret"),
        (sign(&["/nowhere/push.json"]), "/nowhere/push.json"),
        (sign(&["--url", "/webhooks/v1/messages", path(&body)]), "/webhooks/v1/messages"),
        (sign(&["--header", "X-Tenant", path(&body)]), "--header"),
        (sign(&["--timestamp", "yesterday", path(&body)]), "timestamp"),
        (sign(&["--curl", path(&not_utf8)]), "UTF-8"),
    ] {
        let what = format!("{command:?}");
        let output = run_with_input(command, b"");
        assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{what}: {output:?}");
        assert!(output.stderr.contains(expected), "{what}: {}", output.stderr);
        assert!(!output.stderr.contains(SECRET), "{what}: {}", output.stderr);
    }
}
