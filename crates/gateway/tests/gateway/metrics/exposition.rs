//! What `/metrics` says, and in which form.

use std::collections::{BTreeMap, BTreeSet};

use super::traffic::after_traffic;
use crate::admin::metrics;

/// Name and labels of every sample. No label's value may hold a comma, a quote or a brace.
fn samples(text: &str) -> Vec<(&str, BTreeMap<&str, &str>)> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let sample = |line| {
        let (series, value) = str::rsplit_once(line, ' ').expect("a series and its value");
        value.parse::<f64>().expect("a number");
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        let labels = labels.strip_suffix('}').expect("the end of the labels").split(',');
        let labels = labels.filter(|label| !label.is_empty()).map(|label| {
            let (name, value) = label.split_once('=').expect("a label");
            (name, value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).expect("quotes"))
        });
        (name, labels.collect())
    };
    lines.map(sample).collect()
}

#[test]
fn metrics_have_their_names_help_and_type_and_bounded_labels() {
    let relay = after_traffic("info");
    let text = metrics(relay.gateway.admin());

    let described = |keyword: &str| -> BTreeSet<&str> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(keyword)?.split_once(' '));
        lines.filter(|(_, description)| !description.trim().is_empty()).map(|(name, _)| name).collect()
    };
    let (help, types) = (described("# HELP "), described("# TYPE "));
    let samples = samples(&text);
    for (name, _) in &samples {
        assert!(name.starts_with("aicc_gateway_") || name.starts_with("process_"), "{name}");
        let family = ["_bucket", "_sum", "_count"]
            .iter()
            .find_map(|suffix| name.strip_suffix(suffix).filter(|family| types.contains(family)))
            .unwrap_or(name);
        assert!(help.contains(family) && types.contains(family), "{name} has no help or no type");
    }

    let values = |wanted: &str| -> BTreeSet<&str> {
        samples.iter().filter_map(|(_, labels)| labels.get(wanted).copied()).collect()
    };
    assert_eq!(values("channel"), ["WEB", "WHATSAPP", "other"].into());
    assert_eq!(values("control_type"), ["CHAT", "other"].into());
    assert_eq!(values("result_code"), ["0", "4000", "4001", "4010", "4011", "4040", "4150"].into());
    let labels: BTreeSet<&str> = samples.iter().flat_map(|(_, labels)| labels.keys().copied()).collect();
    let known = [
        "access_key",
        "broker",
        "channel",
        "code",
        "control_type",
        "hash",
        "le",
        "reason",
        "result",
        "result_code",
        "secret",
        "status",
        "topic",
        "version",
    ];
    assert!(labels.is_subset(&known.into()), "{labels:?}");
}

#[test]
fn metrics_count_what_happened() {
    let relay = after_traffic("info");
    let text = metrics(relay.gateway.admin());
    for sample in [
        r#"aicc_gateway_requests_total{result_code="0",status="200"} 4"#,
        r#"aicc_gateway_requests_total{result_code="4011",status="401"} 3"#,
        r#"aicc_gateway_messages_total{channel="WEB",control_type="CHAT",result="published"} 2"#,
        r#"aicc_gateway_messages_total{channel="WHATSAPP",control_type="CHAT",result="published"} 1"#,
        r#"aicc_gateway_messages_total{channel="other",control_type="CHAT",result="published"} 1"#,
        "aicc_gateway_batch_messages_sum 5",
        "aicc_gateway_batch_messages_count 3",
        "aicc_gateway_publish_duration_seconds_count 3",
        "aicc_gateway_dedup_hits_total 1",
        "aicc_gateway_inflight_messages 0",
        "aicc_gateway_inflight_bytes 0",
        "aicc_gateway_kafka_queue_messages 0",
    ] {
        assert!(text.lines().any(|line| line == sample), "{sample} in:\n{text}");
    }
    for begin in [
        "aicc_gateway_request_duration_seconds_bucket{le=",
        "aicc_gateway_dead_letters_total{reason=",
        "aicc_gateway_auth_failures_total{reason=",
        "aicc_gateway_dedup_window_seconds ",
        "aicc_gateway_build_info{",
        "process_cpu_seconds_total ",
        "process_resident_memory_bytes ",
        "process_open_fds ",
        "process_start_time_seconds ",
    ] {
        assert!(text.lines().any(|line| line.starts_with(begin)), "{begin} in:\n{text}");
    }
}
