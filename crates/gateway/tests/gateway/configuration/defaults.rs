//! The values that hold where nothing is said.

use std::collections::BTreeMap;
use std::time::Duration;

use aicc_gateway::config::{DEFAULTS, LogFormat};

use super::accepted;

#[test]
fn the_defaults_are_those_of_the_documentation() {
    let config = accepted("", &[]);
    assert_eq!(config.server.listen.to_string(), "0.0.0.0:8080");
    assert_eq!(config.server.base_path, "");
    assert_eq!(config.server.shutdown_delay, Duration::from_secs(5));
    assert_eq!(config.server.request_timeout, Duration::from_secs(15));
    assert_eq!(config.admin.listen.to_string(), "0.0.0.0:9090");
    assert_eq!(config.auth.max_clock_skew, Duration::from_mins(5));
    assert_eq!(config.auth.rules, aicc_auth::Rules::default());
    assert_eq!(config.auth.bearer_tokens.len(), 0);
    assert_eq!(config.kafka.bootstrap_servers, "localhost:9092");
    assert_eq!(config.kafka.publish_timeout, Duration::from_secs(12));
    assert_eq!(config.kafka.properties, []);
    assert_eq!(config.topics.default, "aicc.downlink.other");
    assert_eq!(config.topics.dead_letter, "aicc.downlink.dead-letter");
    let channels = [("WEB", "aicc.downlink.web"), ("WHATSAPP", "aicc.downlink.whatsapp")];
    let channels = channels.map(|(channel, topic)| (channel.to_owned(), topic.to_owned()));
    assert_eq!(config.topics.channels, BTreeMap::from(channels));
    assert!(!config.topics.create && !config.topics.require_durable);
    assert_eq!(config.topics.partitions, 12);
    assert_eq!((config.topics.replication_factor, config.topics.min_insync_replicas), (None, None));
    assert_eq!(config.limits.body_bytes, 4_194_304);
    assert_eq!(config.limits.message_bytes, 917_504);
    assert_eq!(config.limits.batch_messages, 1000);
    assert_eq!(config.limits.inflight_messages, 20_000);
    assert_eq!(config.limits.inflight_bytes, 67_108_864);
    assert_eq!(config.dedup.window, Duration::from_mins(10));
    assert_eq!(config.dedup.capacity, 100_000);
    assert_eq!(config.log.format, LogFormat::Json);
    // The body's share of a request's time.
    assert_eq!(config.body_timeout(), Duration::from_secs(2));
}

#[test]
fn the_commented_defaults_say_the_same_as_a_file() {
    let as_file = accepted(DEFAULTS, &[]);
    assert_eq!(format!("{as_file:?}"), format!("{:?}", accepted("", &[])));
}

/// What is commented out in the defaults is spelt as the configuration knows it.
#[test]
fn the_settings_without_a_default_are_taken_as_the_defaults_show_them() {
    let commented: Vec<_> = DEFAULTS
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')))
        .collect();
    for key in ["access_keys_dir", "bearer_tokens_dir", "properties_dir", "replication_factor", "secret_file"]
    {
        assert!(commented.iter().any(|line| line.starts_with(key)), "{key} is not among {commented:#?}");
    }
}
