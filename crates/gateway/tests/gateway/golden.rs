//! What consumers and dashboards of running systems depend on, in a file: the records of a fixed push, the settings, the
//! metrics. A change of it is one of the interface, and the changelog has to name it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use aicc_gateway::config::DEFAULTS;
use aicc_schema::cloudevents::value_id;
use aicc_testkit::Record;

use crate::support::{Relay, Request, expect};

/// Every kind of key, id, source and type: ASCII, Chinese, emoji, escapes; with and without a code; twice the same;
/// another channel, an unknown one, a dead letter.
const PUSH: &str = r#"{"timestamp":1625898453913,"messages":[
{"to":"44444444","from":"202105284494222653","channel":"WEB","controlType":"CONNECT","sourceType":"SYSTEM","timestamp":1},
{"to":"张三","from":"a b/c","channel":"WEB","controlType":"CHAT","mediaType":"TEXT","content":"您好","sourceType":"AGENT","timestamp":2,"messageCode":"m-1"},
{"to":"\ud83d\ude00","from":"1","channel":"WHATSAPP","controlType":"CHAT","mediaType":"TEXT","content":"","sourceType":"ROBOT","timestamp":3,"messageCode":"m-1"},
{"to":"7","from":"1","channel":"LINE","controlType":"Read","content":["a"],"sourceType":"AGENT","timestamp":4},
{"to":"7","from":"1","channel":"LINE","controlType":"READ","content":["a"],"sourceType":"AGENT","timestamp":4},
{"to":"7","from":"1","channel":"LINE","controlType":"READ","content":["a"],"sourceType":"AGENT","timestamp":4},
{"to":"7","from":"1","channel":"WEB","controlType":"CHAT","sourceType":"AGENT","timestamp":5}
]}"#;

#[test]
fn the_interface_is_as_before_or_the_changelog_names_the_change() {
    let relay = Relay::start("golden");
    let request = Request::push(PUSH)
        .with("X-Request-Id", "golden")
        .with("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        .signed();
    expect("the push", &relay.send(&request), 200, "0");
    let records = relay.records(7);

    let mut interface = String::new();
    for (role, topic) in ["web", "whatsapp", "other", "dead-letter"].iter().zip(relay.topics.names()) {
        for record in records.iter().filter(|record| record.topic == topic) {
            describe(&mut interface, role, record);
        }
    }
    interface.push_str("\nsettings\n");
    settings().for_each(|line| writeln!(interface, "  {line}").unwrap());
    interface.push_str("\nmetrics\n");
    metrics().for_each(|line| writeln!(interface, "  {line}").unwrap());

    let file = path("crates/gateway/tests/golden.txt");
    let before = fs::read_to_string(&file).unwrap_or_default();
    if interface != before {
        let new = std::env::temp_dir().join("aicc-golden.txt");
        fs::write(&new, &interface).unwrap();
        panic!(
            "the interface has changed; if that is meant, copy {} to {}, and say what changed, with `{}`, in CHANGELOG.md",
            new.display(),
            file.display(),
            mark(&interface)
        );
    }
    let changelog = fs::read_to_string(path("CHANGELOG.md")).unwrap();
    assert!(changelog.contains(&mark(&interface)), "CHANGELOG.md does not name `{}`", mark(&interface));
}

/// What the changelog calls a state of the interface.
fn mark(interface: &str) -> String {
    format!("interface {}", &value_id(interface.as_bytes())[..12])
}

fn describe(interface: &mut String, role: &str, record: &Record) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let key = record.key.as_deref().map_or("null".into(), text);
    writeln!(interface, "{role} partition {} key {key}", record.partition).unwrap();
    for (name, value) in &record.headers {
        writeln!(interface, "  {name}: {}", text(value)).unwrap();
    }
}

/// The sections and keys of the defaults file, those without a default included.
fn settings() -> impl Iterator<Item = &'static str> {
    DEFAULTS.lines().map(|line| line.strip_prefix("# ").unwrap_or(line)).filter_map(|line| {
        if line.starts_with('[') {
            return Some(line);
        }
        let (key, _) = line.split_once(" = ")?;
        key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_').then_some(line)
    })
}

/// The rows of the page of metrics, which another test compares with what is served, without their texts.
fn metrics() -> impl Iterator<Item = String> {
    let page = fs::read_to_string(path("docs/metrics.md")).unwrap();
    let rows: Vec<String> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .filter_map(|line| line.rsplitn(3, '|').last().map(|row| row.trim().to_owned()))
        .collect();
    rows.into_iter()
}

fn path(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(below)
}
