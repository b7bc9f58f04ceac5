//! Environment over file over defaults, and which variables are none of ours.

use std::time::Duration;

use super::{accepted, parse, refused};

#[test]
fn the_environment_is_over_the_file_and_the_file_over_the_defaults() {
    let file = "[server]\nrequest_timeout = \"20s\"\nbase_path = \"/file\"\n[limits]\nbatch_messages = 10\n";
    let environment = [("AICC_SERVER__BASE_PATH", "/environment"), ("AICC_DEDUP__CAPACITY", "7")];
    let config = accepted(file, &environment);
    assert_eq!(config.server.base_path, "/environment");
    assert_eq!(config.server.request_timeout, Duration::from_secs(20));
    assert_eq!(config.server.shutdown_delay, Duration::from_secs(5));
    assert_eq!((config.limits.batch_messages, config.dedup.capacity), (10, 7));
    assert_eq!(config.limits.body_bytes, 4_194_304);
}

#[test]
fn every_type_can_come_from_the_environment() {
    let environment = [
        ("AICC_SERVER__LISTEN", "[::1]:8081"),
        ("AICC_AUTH__MAX_CLOCK_SKEW", "90s"),
        ("AICC_AUTH__ALWAYS_SIGN_QUERY_LINE", "true"),
        ("AICC_AUTH__REQUIRED_SIGNED_HEADERS", "host, x-tenant"),
        ("AICC_LIMITS__MESSAGE_BYTES", "5000"),
        ("AICC_TOPICS__CHANNELS__LINE", "line.topic"),
        ("AICC_TOPICS__CHANNELS__web", "lower.topic"),
        ("AICC_TOPICS__REPLICATION_FACTOR", "3"),
        ("AICC_KAFKA__PROPERTIES__LINGER_MS", "3"),
        ("AICC_LOG__FORMAT", "text"),
    ];
    let config = accepted("", &environment);
    assert_eq!(config.server.listen.to_string(), "[::1]:8081");
    assert_eq!(config.auth.max_clock_skew, Duration::from_secs(90));
    assert!(config.auth.rules.always_sign_query_line);
    assert_eq!(config.auth.rules.required_signed_headers, ["host", "x-tenant"]);
    assert_eq!(config.limits.message_bytes, 5000);
    // Beside the shipped ones; channels keep their case.
    assert_eq!(config.topics.channels["LINE"], "line.topic");
    assert_eq!(config.topics.channels["web"], "lower.topic");
    assert_eq!(config.topics.channels["WEB"], "aicc.downlink.web");
    assert_eq!(config.topics.replication_factor, Some(3));
    assert_eq!(config.kafka.properties, [("linger.ms".to_owned(), "3".to_owned())]);
    assert_eq!(config.log.format, aicc_gateway::config::LogFormat::Text);
}

#[test]
fn a_file_adds_to_the_shipped_channels_and_overrides_them() {
    let config = accepted("[topics.channels]\n\"微 信.x\" = \"line\"\nWEB = \"web\"\n", &[]);
    let channels: Vec<_> = config.topics.channels.iter().map(|(c, t)| (c.as_str(), t.as_str())).collect();
    assert_eq!(channels, [("WEB", "web"), ("WHATSAPP", "aicc.downlink.whatsapp"), ("微 信.x", "line")]);
}

/// Kubernetes injects such variables for a Service of that name.
#[test]
fn variables_that_name_no_section_and_key_are_ignored() {
    accepted(
        "",
        &[
            ("AICC_GATEWAY_PORT", "tcp://10.0.0.1:8080"),
            ("AICC_GATEWAY_SERVICE_HOST", "10.0.0.1"),
            ("AICC_SERVER_PORT", "tcp://10.0.0.1:8080"),
            ("AICC_SERVER_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
            ("AICC_GATEWAY__PORT", "x"),
            ("AICC_CONFIG", "/etc/aicc/gateway.toml"),
            ("AICC_", "x"),
            ("AICC__X", "x"),
            ("aicc_server__listen", "x"),
            ("SERVER__LISTEN", "x"),
            ("PATH", "/bin"),
        ],
    );
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_one() {
    for (file, key, nearest) in [
        ("[server]\nlisten_on = \"1\"", "server.listen_on", "server.listen"),
        ("[server]\nrequest_timeouts = \"1s\"", "server.request_timeouts", "server.request_timeout"),
        ("[sever]\nlisten = \"1\"", "sever", "server"),
        ("[limits]\nbody_byte = 1", "limits.body_byte", "limits.body_bytes"),
        ("[auth]\nmax_clok_skew = \"1s\"", "auth.max_clok_skew", "auth.max_clock_skew"),
        ("[topics]\ndead-letter = \"x\"", "topics.dead-letter", "topics.dead_letter"),
        ("[kafka]\nbootstrap_server = \"x\"", "kafka.bootstrap_server", "kafka.bootstrap_servers"),
    ] {
        refused(file, &[], key, &["unknown key", &format!("did you mean {nearest}?")]);
    }
    let nowhere = "AICC_LIMITS__BODY_BYTEZ";
    refused("", &[(nowhere, "1")], "limits.body_bytez", &["did you mean limits.body_bytes?", nowhere]);
    let key = "[[auth.access_keys]]\naccess_key = \"b\"\nsecret = \"c\"\nsecrets = \"d\"\n";
    refused(key, &[], "auth.access_keys[0].secrets", &["unknown key", "secret"]);
    let far = parse("[server]\nzzzzzzzzzzzzzzzz = 1", &[]).expect_err("an unknown key");
    assert!(!far[0].contains("did you mean"), "{far:?}");
}

#[test]
fn arrays_of_tables_come_from_the_file_alone() {
    for name in ["AICC_AUTH__ACCESS_KEYS", "AICC_AUTH__ACCESS_KEYS__0__SECRET"] {
        let problems = parse("", &[(name, "hidden-value")]).map(|_| ()).expect_err(name);
        assert!(problems.iter().any(|problem| problem.contains("auth.access_keys")), "{problems:?}");
        assert!(!problems.concat().contains("hidden-value"), "{problems:?}");
    }
}
