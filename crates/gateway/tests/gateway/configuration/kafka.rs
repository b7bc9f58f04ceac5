//! librdkafka's properties: which are refused, and that no value is ever shown.

use std::fs;

use tempfile::tempdir;

use super::{accepted, parse, refused};

const SECRET: &str = "p4ssw0rd-of-kafka";

#[test]
fn properties_that_carry_the_promise_cannot_be_set() {
    for name in [
        "acks",
        "request.required.acks",
        "enable.idempotence",
        "transactional.id",
        "partitioner",
        "retries",
        "message.send.max.retries",
        "max.in.flight",
        "max.in.flight.requests.per.connection",
        "message.timeout.ms",
        "delivery.timeout.ms",
        "allow.auto.create.topics",
    ] {
        let key = format!("kafka.properties.{name:?}");
        for value in ["\"1\"", "1", "true", "\"all\""] {
            let file = format!("[kafka.properties]\n\"{name}\" = {value}");
            refused(&file, &[], &key, &["promise", "cannot be set"]);
        }
        let variable = format!("AICC_KAFKA__PROPERTIES__{}", name.to_uppercase().replace('.', "_"));
        refused("", &[(&variable, "1")], &key, &["cannot be set"]);
        let dir = tempdir().expect("a folder");
        fs::write(dir.path().join(name), "1\n").expect("a file");
        let path = dir.path().display().to_string();
        refused("", &[("AICC_KAFKA__PROPERTIES_DIR", &path)], &key, &["cannot be set"]);
    }
    for name in ["bootstrap.servers", "metadata.broker.list"] {
        let file = format!("[kafka.properties]\n\"{name}\" = \"a:1\"");
        refused(&file, &[], &format!("kafka.properties.{name:?}"), &["kafka.bootstrap_servers"]);
    }
}

#[test]
fn what_librdkafka_does_not_take_is_refused_without_its_value() {
    for (name, value) in [
        ("sasl.pasword", SECRET),
        ("no.such.property", SECRET),
        ("linger.ms", SECRET),
        ("security.protocol", SECRET),
        ("compression.type", SECRET),
        ("socket.timeout.ms", "-1"),
        ("linger.ms", ""),
    ] {
        let file = format!("[kafka.properties]\n\"{name}\" = \"{value}\"");
        refused(&file, &[], &format!("kafka.properties.{name:?}"), &["librdkafka"]);
        let problems = parse(&file, &[]).expect_err("a problem").concat();
        assert!(!problems.contains(SECRET), "{problems}");
    }
    for value in ["[1]", "{}"] {
        let file = format!("[kafka.properties]\n\"linger.ms\" = {value}");
        refused(&file, &[], "kafka.properties.\"linger.ms\"", &["string"]);
    }
}

#[test]
fn properties_of_any_scalar_type_are_taken() {
    let file = r#"[kafka.properties]
"linger.ms" = 5
"socket.keepalive.enable" = true
"compression.type" = "zstd"
"security.protocol" = "SASL_SSL"
"sasl.username" = "aicc"
"#;
    let config = accepted(file, &[]);
    let properties: Vec<_> =
        config.kafka.properties.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        properties,
        [
            ("compression.type", "zstd"),
            ("linger.ms", "5"),
            ("sasl.username", "aicc"),
            ("security.protocol", "SASL_SSL"),
            ("socket.keepalive.enable", "true"),
        ]
    );
}

#[test]
fn a_mounted_directory_holds_a_property_a_file() {
    let dir = tempdir().expect("a folder");
    fs::write(dir.path().join("sasl.password"), format!("{SECRET}\n")).expect("a file");
    fs::write(dir.path().join(".hidden"), "x").expect("a file");
    fs::create_dir(dir.path().join("..data")).expect("a folder");
    let path = dir.path().display().to_string();
    let config = accepted("", &[("AICC_KAFKA__PROPERTIES_DIR", &path)]);
    assert_eq!(config.kafka.properties, [("sasl.password".to_owned(), SECRET.to_owned())]);
    assert!(!format!("{config:?}").contains(SECRET));
    let missing = format!("{path}/none");
    refused("", &[("AICC_KAFKA__PROPERTIES_DIR", &missing)], "kafka.properties_dir", &["cannot be read"]);
}
