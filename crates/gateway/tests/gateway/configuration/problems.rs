//! Values that are refused, and that all problems are told at once.

use super::{KEY, accepted, parse, parse_bare, refused};

#[test]
fn every_problem_is_told_at_once_with_its_keys_path() {
    let file = r#"
[server]
listen = "everywhere"
base_path = "aicc/"
[limits]
body_bytes = 0
batch_messages = "many"
[topics]
default = "no topic"
partitions = 0
[log]
format = "xml"
colour = true
[kafka.properties]
acks = "1"
[[auth.bearer_tokens]]
name = "x"
"#;
    let environment = [("AICC_DEDUP__WINDOW", "10"), ("AICC_KAFKA__PUBLISH_TIMEOUT", "soon")];
    let problems = parse_bare(file, &environment).map(|_| ()).expect_err("many problems");
    for key in [
        "server.listen",
        "server.base_path",
        "limits.body_bytes",
        "limits.batch_messages",
        "topics.default",
        "topics.partitions",
        "log.format",
        "log.colour",
        "kafka.properties.\"acks\"",
        "auth.bearer_tokens[0].token",
        "dedup.window",
        "kafka.publish_timeout",
    ] {
        let found = problems.iter().any(|problem| problem.starts_with(&format!("{key}: ")));
        assert!(found, "{key} is not in {problems:#?}");
    }
    assert!(problems.is_sorted(), "{problems:#?}");
}

#[test]
fn values_of_another_type_or_form_are_refused() {
    for (section, key, values) in [
        ("server", "listen", &["8080", "\"8080\"", "\"localhost:8080\"", "\"\"", "\"0.0.0.0\""][..]),
        ("server", "request_timeout", &["15", "\"15\"", "\"-1s\"", "\"\"", "\"15 parsecs\"", "true"]),
        ("server", "shutdown_delay", &["5", "\"x\""]),
        (
            "server",
            "base_path",
            &["\"aicc\"", "\"/aicc/\"", "\"/\"", "\"/a b\"", "\"/a//b\"", "\"/{a}\"", "1"],
        ),
        ("admin", "listen", &["\"9090\""]),
        ("auth", "max_clock_skew", &["300", "\"x\""]),
        ("auth", "always_sign_query_line", &["\"yes\"", "1"]),
        ("auth", "required_signed_headers", &["[1]", "[\"Host\"]", "[\"a b\"]", "[\"\"]", "true"]),
        ("auth", "signed_path_prefix", &["\"outer\"", "1"]),
        ("kafka", "bootstrap_servers", &["\"\"", "\" \"", "[\"a:1\"]", "1"]),
        ("kafka", "publish_timeout", &["\"0s\"", "12"]),
        ("limits", "body_bytes", &["0", "-1", "1.5", "\"4 MiB\"", "true"]),
        ("limits", "message_bytes", &["0", "-1"]),
        ("limits", "batch_messages", &["0"]),
        ("limits", "inflight_messages", &["-1", "\"x\""]),
        ("dedup", "window", &["0", "\"x\""]),
        ("dedup", "capacity", &["0", "-1"]),
        ("topics", "create", &["\"maybe\"", "1"]),
        ("topics", "require_durable", &["\"maybe\"", "1"]),
        ("topics", "partitions", &["0", "-1", "\"x\"", "9999999999"]),
        ("topics", "replication_factor", &["0", "-1"]),
        ("topics", "min_insync_replicas", &["0"]),
        ("log", "format", &["\"JSON\"", "\"\"", "1"]),
        ("log", "level", &["\"a=b=c\"", "1"]),
    ] {
        for value in values {
            refused_among_others(&format!("[{section}]\n{key} = {value}"), &format!("{section}.{key}"));
        }
    }
    refused_among_others("server = 1", "server");
    refused_among_others("[topics]\nchannels = \"x\"", "topics.channels");
}

/// A value that cannot be read may be followed by problems of settings that depend on it.
#[track_caller]
fn refused_among_others(file: &str, key: &str) {
    let problems = parse(file, &[]).map(|_| ()).expect_err(file);
    let found = problems.iter().any(|problem| problem.starts_with(&format!("{key}: ")));
    assert!(found, "{file:?}: {problems:#?}");
}

#[test]
fn topics_have_names_that_kafka_takes_and_dead_letters_have_their_own() {
    let long = "x".repeat(250);
    for name in ["", ".", "..", "a b", "a/b", "ä", "a\\n", &long] {
        for key in ["default", "dead_letter"] {
            refused(&format!("[topics]\n{key} = \"{name}\""), &[], &format!("topics.{key}"), &["249"]);
        }
        refused(&format!("[topics.channels]\nWEB = \"{name}\""), &[], "topics.channels.WEB", &["249"]);
    }
    accepted(&format!("[topics]\ndefault = \"{}\"", &long[1..]), &[]);
    accepted("[topics]\ndefault = \"A-z_0.9\"\n[topics.channels]\nWEB = \"A-z_0.9\"", &[]);
    refused("[topics]\ndead_letter = \"aicc.downlink.web\"", &[], "topics.channels.WEB", &["dead-letter"]);
    refused("[topics]\ndefault = \"aicc.downlink.dead-letter\"", &[], "topics.default", &["dead-letter"]);
    let replicas = "[topics]\nreplication_factor = 2\nmin_insync_replicas = 3";
    refused(replicas, &[], "topics.min_insync_replicas", &["replication_factor"]);
}

#[test]
fn without_a_credential_nothing_starts() {
    let problems = parse_bare("", &[]).map(|_| ()).expect_err("no credential");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].contains("credential") && problems[0].contains("aicc-gateway keygen"),
        "{problems:?}"
    );
    assert!(parse_bare(KEY, &[]).is_ok());
    assert!(parse_bare("[[auth.bearer_tokens]]\nname = \"a\"\ntoken = \"b\"", &[]).is_ok());
}
