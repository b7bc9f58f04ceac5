//! Settings that only make sense together: no limit may refuse a legal push for ever.

use std::time::Duration;

use super::{accepted, refused};

#[test]
fn a_body_needs_time_to_arrive() {
    let times = |request: &str, publish: &str| {
        format!("[server]\nrequest_timeout = \"{request}\"\n[kafka]\npublish_timeout = \"{publish}\"")
    };
    for (request, publish) in [("15s", "14s"), ("13s", "12s"), ("1s", "12s"), ("10s", "1h"), ("1s", "100ms")]
    {
        refused(&times(request, publish), &[], "server.request_timeout", &["kafka.publish_timeout"]);
    }
    let config = accepted(&times("13001ms", "12s"), &[]);
    assert_eq!(config.body_timeout(), Duration::from_millis(1));
}

#[test]
fn limits_that_would_refuse_a_legal_push_for_ever_are_refused() {
    let messages = "[limits]\nbatch_messages = 100\ninflight_messages = ";
    refused(&format!("{messages}99"), &[], "limits.inflight_messages", &["limits.batch_messages"]);
    accepted(&format!("{messages}100"), &[]);
    let bytes = "[limits]\nbody_bytes = 1000\ninflight_bytes = ";
    refused(&format!("{bytes}999"), &[], "limits.inflight_bytes", &["limits.body_bytes"]);
    accepted(&format!("{bytes}1000"), &[]);
    let record = "[limits]\nmessage_bytes = 10000\n[kafka.properties]\n\"message.max.bytes\" = ";
    // A dead letter is cut to 64 KiB, and its key may be as long.
    refused(
        &format!("{record}132095"),
        &[],
        "kafka.properties.\"message.max.bytes\"",
        &["limits.message_bytes"],
    );
    accepted(&format!("{record}132096"), &[]);
}

#[test]
fn a_dedup_window_of_0_turns_it_off() {
    assert!(accepted("[dedup]\nwindow = \"0s\"", &[]).dedup.window.is_zero());
}

#[test]
fn what_is_not_built_yet_is_refused_with_those_words() {
    const WORDS: &[&str] = &["not yet supported"];
    for file in ["[server.tls]\ncertificate_file = \"a\"", "[server.tls]", "[server]\ntls = {}"] {
        refused(file, &[], "server.tls", WORDS);
    }
    refused("", &[("AICC_SERVER__TLS__CERTIFICATE_FILE", "a")], "server.tls", WORDS);
    refused("[limits]\nmessages_per_second = 100", &[], "limits.messages_per_second", WORDS);
    refused("", &[("AICC_LIMITS__MESSAGES_PER_SECOND", "1")], "limits.messages_per_second", WORDS);
    // The default is what this version does.
    accepted("[limits]\nmessages_per_second = 0", &[]);
}
