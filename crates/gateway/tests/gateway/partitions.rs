//! The partition of a key is the one that Kafka's own Java producer gives it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{fs, io::Write as _};

use aicc_testkit::{Kafka, Record, fetch_jars};
use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};

use crate::support::{PARTITIONS, Relay};

/// Between a key and its value on the Java producer's standard input; in no key.
const SEPARATOR: &str = "<-key|value->";
const TIMEOUT: Duration = Duration::from_secs(30);

/// A user as JSON writes it in a push, and as the key that it becomes.
fn users() -> Vec<(String, String)> {
    let mut users: Vec<(String, String)> = [
        (r#""44444444""#, "44444444"),
        (r#""a""#, "a"),
        (r#"" ""#, " "),
        (r#""ab""#, "ab"),
        (r#""abc""#, "abc"),
        (r#""张三""#, "张三"),
        (r#""\u5f20\u4e09\u4e30""#, "张三丰"),
        (r#""😀""#, "😀"),
        (r#""\ud83d\ude00\ud83d\ude80""#, "😀🚀"),
        (r#""a\/b\"c\\d""#, "a/b\"c\\d"),
        (r#""tab\tin\u0001side""#, "tab\tin\u{1}side"),
        (r#""\u0000""#, "\0"),
        (r#""ключ-مفتاح-열쇠""#, "ключ-مفتاح-열쇠"),
    ]
    .map(|(json, key)| (json.to_owned(), key.to_owned()))
    .to_vec();
    for text in ["x".repeat(256), "用".repeat(256), "😀".repeat(256)] {
        users.push((format!("\"{text}\""), text));
    }
    users.extend((0..100).map(|n| (format!("\"user-{n}\""), format!("user-{n}"))));
    users
}

#[test]
fn keys_have_the_partition_that_the_java_client_gives_them() {
    let relay = Relay::start("partitions");
    let kafka = Kafka::shared();
    let users = users();
    let mut messages = String::new();
    for (json, _) in &users {
        write!(
            messages,
            r#"{}{{"from":"1","channel":"WEB","to":{json},"controlType":"CONNECT","sourceType":"SYSTEM","timestamp":1}}"#,
            if messages.is_empty() { "" } else { "," }
        )
        .unwrap();
    }
    let response = relay.push(format!(r#"{{"timestamp":1,"messages":[{messages}]}}"#));
    assert_eq!(response.status, 200, "{:?}", String::from_utf8_lossy(&response.body));

    // No valid message has an empty user: that the producer's partitioner treats it alike is shown without the gateway.
    let native = kafka.topic("partitions-empty", PARTITIONS);
    produce_empty_key(kafka, &native);

    let java = kafka.topic("partitions-java", PARTITIONS);
    let keys = users.iter().map(|(_, key)| key.as_str()).chain([""]);
    produce_by_java(kafka, &java, keys);

    let expected = partitions(&kafka.wait_for_records([&*java], users.len() + 1, TIMEOUT));
    assert_eq!(expected.len(), users.len() + 1, "the Java producer took every key");
    let mut found = partitions(&relay.records(users.len()));
    found.extend(partitions(&kafka.wait_for_records([&*native], 1, TIMEOUT)));
    for (key, partition) in &expected {
        assert_eq!(found.get(key), Some(partition), "the key {:?}", String::from_utf8_lossy(key));
    }
    let used: std::collections::BTreeSet<_> = expected.values().collect();
    assert_eq!(used.len(), usize::from(PARTITIONS), "keys of every partition");
}

fn partitions(records: &[Record]) -> BTreeMap<Vec<u8>, i32> {
    records.iter().map(|record| (record.key.clone().expect("a key"), record.partition)).collect()
}

fn produce_empty_key(kafka: &Kafka, topic: &str) {
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", kafka.bootstrap_servers())
        .set("partitioner", "murmur2_random")
        .create()
        .expect("a producer");
    producer.send(BaseRecord::to(topic).key("").payload("empty")).map_err(|(error, _)| error).expect("room");
    producer.flush(TIMEOUT).expect("a broker");
}

/// By Kafka's console producer, which has the Java client's default partitioner. Keys are lines' beginnings.
fn produce_by_java<'a>(kafka: &Kafka, topic: &str, keys: impl Iterator<Item = &'a str>) {
    let properties = tempfile::NamedTempFile::new().expect("a file");
    fs::write(properties.path(), format!("parse.key=true\nkey.separator={SEPARATOR}\n")).expect("a file");
    let mut java = Command::new("java")
        .args(["-Xmx128m", "-Dfile.encoding=UTF-8", "-cp"])
        .arg(format!("{}/*", fetch_jars().display()))
        .args(["org.apache.kafka.tools.ConsoleProducer", "--bootstrap-server", kafka.bootstrap_servers()])
        .args(["--topic", topic, "--reader-config"])
        .arg(properties.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("java can be run");
    let mut input = java.stdin.take().expect("asked for as a pipe");
    for key in keys {
        writeln!(input, "{key}{SEPARATOR}value").expect("the producer reads");
    }
    drop(input);
    let output = java.wait_with_output().expect("a child that can be waited for");
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "the Java producer: {}", String::from_utf8_lossy(&said));
}
