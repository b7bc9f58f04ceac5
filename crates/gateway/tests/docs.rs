//! The tables in docs/ say what the code does: every setting, result code and metric, no more and no fewer.
#![allow(clippy::expect_used, reason = "a test's helpers may fail the test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use aicc_gateway::config::{Config, DEFAULTS};
use aicc_schema::{ResultCode, cloudevents as ce};
use aicc_testkit::{GatewayProcess, Kafka, http, wait_until};

#[test]
fn every_setting_is_documented_with_its_default_and_variable() {
    let documented: BTreeSet<Setting> = documented_settings(&page("configuration.md"));
    let defaults: BTreeSet<Setting> = default_settings(DEFAULTS);
    let describe = |settings: Vec<&Setting>| format!("{settings:#?}");
    let missing: Vec<_> = defaults.difference(&documented).collect();
    let extra: Vec<_> = documented.difference(&defaults).collect();
    assert!(missing.is_empty(), "docs/configuration.md lacks {}", describe(missing));
    assert!(extra.is_empty(), "config.default.toml has not {}", describe(extra));
}

#[test]
fn the_configuration_in_the_readme_is_taken() {
    let text = page("../README.md");
    let (_, rest) = text.split_once("```toml\n").expect("a configuration");
    let (example, _) = rest.split_once("```").expect("its end");
    let credential = "[[auth.bearer_tokens]]\nname = \"docs\"\ntoken = \"t\"\n";
    let config = Config::parse(&format!("{example}{credential}"), []);
    assert!(config.is_ok(), "{}", config.err().map(|error| error.to_string()).unwrap_or_default());
}

#[test]
fn every_result_code_is_documented_with_its_status_and_retry() {
    let retry = |code: ResultCode| match code {
        ResultCode::Success => "–",
        ResultCode::KafkaRefuses => "after a fix",
        code if code.retryable() => "yes",
        _ => "no",
    };
    let codes = ResultCode::ALL.map(|code| (code.http_status().to_string(), code.to_string(), retry(code)));
    let text = page("http.md");
    let documented = rows(&text).filter(|row| row.len() == 4 && row[0].parse::<u16>().is_ok());
    let documented: Vec<_> = documented.map(|row| (row[0].to_owned(), bare(row[1]), row[3])).collect();
    assert_eq!(documented, codes);
}

#[test]
fn every_header_of_a_record_is_documented() {
    let text = page("records.md");
    let names = [ce::CE_SPECVERSION, ce::CE_ID, ce::CE_SOURCE, ce::CE_TYPE, ce::CONTENT_TYPE, ce::AICC_PUSH];
    let others = [ce::AICC_ERROR, ce::AICC_TRUNCATED, ce::TRACEPARENT, ce::TRACESTATE];
    for name in names.into_iter().chain(others) {
        assert!(rows(&text).any(|row| row[0].contains(&format!("`{name}`"))), "{name}");
    }
}

#[test]
fn every_metric_is_documented_with_its_type() {
    let text = page("metrics.md");
    let documented: BTreeSet<(String, String)> = rows(&text)
        .filter(|row| row[0].starts_with('`') && row[0] != "`process_*`")
        .map(|row| (format!("aicc_gateway_{}", bare(row[0])), row[1].to_owned()))
        .collect();

    // What has labels shows up once there is something to count: so everything is made to happen. A Kafka of its own,
    // because it is taken away in the end.
    let kafka = Kafka::start(1);
    let gateway = GatewayProcess::builder(env!("CARGO_BIN_EXE_aicc-gateway"))
        .config(format!(
            "kafka.bootstrap_servers = \"{}\"\ntopics.create = true\n\
             auth.bearer_tokens = [{{ name = \"docs\", token = \"t\" }}]",
            kafka.bootstrap_servers()
        ))
        .start();
    gateway.wait_ready(Duration::from_mins(1));
    assert_eq!(push(&gateway, "t"), 200);
    assert_eq!(push(&gateway, "wrong"), 401);
    wait_for_metric(&gateway, "kafka_topic_durable");
    drop(kafka);
    wait_for_metric(&gateway, "kafka_errors_total");
    assert_eq!(served_metrics(&gateway), documented, "served, and in docs/metrics.md");
}

/// Section, key, default and environment variable, as configuration.md writes them.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Setting {
    section: String,
    key: String,
    default: String,
    variable: String,
}

const UNSET: &str = "–";

fn documented_settings(text: &str) -> BTreeSet<Setting> {
    let mut settings = BTreeSet::new();
    let mut section = "";
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading;
        }
        if let Some([key, default, variable, _]) = row(line).as_deref()
            && key.starts_with('`')
        {
            settings.insert(Setting {
                section: section.to_owned(),
                key: bare(key),
                default: bare(default),
                variable: bare(variable),
            });
        }
    }
    settings
}

/// Keys that have no default stand there behind `# `, as do the tables that hold only such.
fn default_settings(text: &str) -> BTreeSet<Setting> {
    let mut settings = BTreeSet::new();
    let mut section = "";
    for line in text.lines() {
        let (line, unset) = line.strip_prefix("# ").map_or((line, false), |rest| (rest, true));
        if line.starts_with('[') {
            section = line;
        }
        let Some((key, value)) = line.split_once(" = ") else { continue };
        if !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            continue;
        }
        for key in std::iter::once(key).chain(alternative(value)) {
            settings.insert(Setting {
                section: section.to_owned(),
                key: key.to_owned(),
                default: if unset { UNSET } else { value }.to_owned(),
                variable: variable(section, key),
            });
        }
    }
    settings
}

/// The key that a comment names beside another: `# or: secret = "…"`.
fn alternative(value: &str) -> Option<&str> {
    value.split_once("# or: ")?.1.split(' ').next()
}

fn variable(section: &str, key: &str) -> String {
    if section.starts_with("[[") {
        return UNSET.to_owned();
    }
    let (section, key) = (section.trim_matches(['[', ']']).replace('.', "__"), key);
    // A channel keeps its case, and the names of the others are in lower case.
    format!("AICC_{}__{}", section.to_uppercase(), key.to_uppercase())
}

fn wait_for_metric(gateway: &GatewayProcess, name: &str) {
    wait_until(Duration::from_mins(1), &format!("{name} is served"), || {
        served_metrics(gateway).iter().any(|(served, _)| served.ends_with(name))
    });
}

fn served_metrics(gateway: &GatewayProcess) -> BTreeSet<(String, String)> {
    let request = b"GET /metrics HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n";
    let response = http::exchange(gateway.admin(), request).expect("the metrics");
    let text = String::from_utf8(response.body).expect("text");
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    types
        .filter(|(name, _)| !name.starts_with("process_"))
        .map(|(name, kind)| (name.to_owned(), kind.to_owned()))
        .collect()
}

/// Pushes a message that keeps the rules and one that does not; the status of the answer.
fn push(gateway: &GatewayProcess, token: &str) -> u16 {
    let body = r#"{"timestamp": 1, "messages": [{"from": "1", "channel": "WEB", "to": "44", "sourceType": "SYSTEM",
        "controlType": "CONNECT", "timestamp": 1}, {}]}"#;
    let request = format!(
        "POST /webhooks/v1/messages HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    http::exchange(gateway.server(), request.as_bytes()).expect("an answer").status
}

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter_map(row)
}

/// The cells of a line of a table.
fn row(line: &str) -> Option<Vec<&str>> {
    Some(line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").map(str::trim).collect())
}

fn bare(cell: &str) -> String {
    cell.trim_matches('`').to_owned()
}
