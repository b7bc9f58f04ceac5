//! What metrics and log must never say, and what the log says of each message where that is asked for.

use std::collections::BTreeSet;
use std::time::Duration;

use aicc_testkit::wait_until;
use serde_json::Value;

use super::traffic::{CUSTOMERS, SENT_BY_STRANGERS, TOKEN, after_traffic};
use crate::admin::metrics;
use crate::support::SECRET;

const TIMEOUT: Duration = Duration::from_secs(30);

/// What of customers and of credentials stands in a text.
#[track_caller]
fn assert_discreet(what: &str, text: &str) {
    for secret in CUSTOMERS.iter().chain(&[SECRET, TOKEN]).chain(&SENT_BY_STRANGERS) {
        let line = text.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{what} has {secret:?}");
    }
}

#[test]
fn neither_metrics_nor_log_have_anything_of_customers_or_secrets() {
    for level in ["info", "debug"] {
        let relay = after_traffic(level);
        assert_discreet("/metrics", &metrics(relay.gateway.admin()));
        assert_discreet(&format!("the log at {level}"), &relay.gateway.log());
    }
}

#[test]
fn at_debug_level_the_log_has_one_line_a_message() {
    let relay = after_traffic("debug");
    let lines = || {
        let log = relay.gateway.log();
        let events = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        events.filter(|event| event.get("ce_id").is_some()).collect::<Vec<_>>()
    };
    wait_until(TIMEOUT, "every record has its line", || lines().len() >= 5);
    let logged: BTreeSet<_> = lines()
        .iter()
        .map(|line| {
            assert_eq!(line["level"], "DEBUG");
            let text = |name: &str| line[name].as_str().expect("text").to_owned();
            let number = |name: &str| line[name].as_i64().expect("a number");
            (text("ce_id"), text("topic"), number("partition"), number("offset"))
        })
        .collect();
    let records: BTreeSet<_> = relay
        .records(5)
        .iter()
        .map(|record| {
            let id =
                String::from_utf8_lossy(record.header("ce_id").expect("every record has one")).into_owned();
            (id, record.topic.clone(), i64::from(record.partition), record.offset)
        })
        .collect();
    assert_eq!((lines().len(), logged), (5, records));
}
