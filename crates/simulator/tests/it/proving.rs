//! The whole way over a real gateway and a real Kafka: a run is proven; then each fault that is put into a copy of
//! its records is named.

use std::fs::File;
use std::process::Command;
use std::slice;
use std::time::Duration;

use aicc_simulator::journal::Journal;
use aicc_simulator::push::{Proof, Run, run};
use aicc_simulator::sender::Stop;
use aicc_simulator::verify::{self, Duplicates, Mark, Topics, Violation};
use aicc_testkit::{GatewayProcess, Kafka, Record, gateway_binary};
use rdkafka::ClientConfig;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};

use crate::options::{ACCESS_KEY, SECRET, options};

const PARTITIONS: u16 = 3;

fn gateway(kafka: &Kafka, topics: &aicc_testkit::Topics) -> GatewayProcess {
    let config = format!(
        r#"
        [server]
        shutdown_delay = "0s"
        [[auth.access_keys]]
        access_key = "{ACCESS_KEY}"
        secret = "{SECRET}"
        [kafka]
        bootstrap_servers = "{}"
        [topics]
        default = "{}"
        dead_letter = "{}"
        [topics.channels]
        WEB = "{}"
        WHATSAPP = "{}"
        "#,
        kafka.bootstrap_servers(),
        topics.other,
        topics.dead_letter,
        topics.web,
        topics.whatsapp,
    );
    let gateway = GatewayProcess::builder(gateway_binary()).config(config).start();
    gateway.wait_ready(Duration::from_secs(30));
    gateway
}

fn access(kafka: &Kafka) -> verify::Kafka {
    verify::Kafka { bootstrap_servers: kafka.bootstrap_servers().to_owned(), properties: Vec::new() }
}

fn routes(topics: &aicc_testkit::Topics) -> Topics {
    let channel = |channel: &str, topic: &String| (channel.to_owned(), topic.clone());
    Topics {
        channels: vec![channel("WEB", &topics.web), channel("WHATSAPP", &topics.whatsapp)],
        default: topics.other.clone(),
        dead_letter: topics.dead_letter.clone(),
    }
}

fn proof(kafka: &Kafka, topics: &aicc_testkit::Topics) -> Proof {
    Proof { kafka: access(kafka), topics: routes(topics), allowed: Duplicates::NONE }
}

/// Writes the records into other topics, each into its own partition and in the same order.
fn copy(kafka: &Kafka, records: &[Record], from: &aicc_testkit::Topics, to: &aicc_testkit::Topics) {
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", kafka.bootstrap_servers())
        .set("enable.idempotence", "true")
        .create()
        .unwrap();
    for record in records {
        let topic = from.names().iter().position(|name| *name == record.topic).unwrap();
        let headers = record.headers.iter().fold(OwnedHeaders::new(), |headers, (key, value)| {
            headers.insert(Header { key, value: Some(value) })
        });
        let copy = BaseRecord::to(to.names()[topic])
            .partition(record.partition)
            .key(record.key.as_deref().unwrap())
            .payload(record.value.as_deref().unwrap())
            .headers(headers);
        producer.send(copy).map_err(|(error, _)| error).unwrap();
    }
    producer.flush(Duration::from_secs(30)).unwrap();
}

fn same_partition(one: &Record, other: &Record) -> bool {
    (&one.topic, one.partition) == (&other.topic, other.partition)
}

/// Index of the first record that is followed in its partition by one that `with` accepts.
fn pair(records: &[Record], with: impl Fn(&Record, &Record) -> bool) -> usize {
    let found = records.windows(2).position(|two| same_partition(&two[0], &two[1]) && with(&two[0], &two[1]));
    found.expect("a run has such neighbours")
}

fn push_of(record: &Record) -> &[u8] {
    record.header("aicc-push").unwrap().split(|byte| *byte == b';').next().unwrap()
}

type Fault = fn(&mut Vec<Record>);

/// What is done to the log of the run, and what must be found.
fn faults() -> Vec<(&'static str, Fault, &'static [&'static str])> {
    vec![
        ("nothing", |_| {}, &[]),
        ("a record is deleted", |records| drop(records.remove(records.len() / 2)), &["lost"]),
        ("a record is repeated", |records| records.insert(7, records[6].clone()), &["duplicated"]),
        (
            "two records of a push are swapped",
            |records| {
                let at = pair(records, |one, other| push_of(one) == push_of(other));
                records.swap(at, at + 1);
            },
            &["out of order within a push"],
        ),
        (
            "a user's records of two pushes after each other are swapped",
            |records| {
                let at = pair(records, |one, other| one.key == other.key && push_of(one) != push_of(other));
                records.swap(at, at + 1);
            },
            &["out of order across pushes"],
        ),
        ("a record is altered", |records| records[11].value.as_mut().unwrap()[20] ^= 1, &["altered"]),
        (
            "a record of another producer is added",
            |records| {
                let mut foreign = records[0].clone();
                foreign.headers.clear();
                records.push(foreign);
            },
            &["not from this run"],
        ),
    ]
}

#[test]
fn a_run_is_proven_and_each_fault_in_a_copy_of_its_records_is_named() {
    let kafka = Kafka::shared();
    let topics = kafka.topics("proving", PARTITIONS);
    let gateway = gateway(kafka, &topics);
    // One connection, so that each push follows the last one's answer.
    let mut options = options(gateway.server(), 600, "1-20", 1);
    options.verify = Some(proof(kafka, &topics));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let Run { summary, journal, verification } = runtime.block_on(run(options, &Stop::default())).unwrap();

    assert!(summary.all_acknowledged(), "{summary}");
    let verification = verification.unwrap().unwrap();
    assert_eq!((verification.acknowledged, verification.records), (600, 600), "{verification}");
    assert!(verification.violations.is_empty(), "{verification}");

    let journal = journal.unwrap();
    let records = kafka.records(topics.names());
    for (name, fault, expected) in faults() {
        let mut records = records.clone();
        fault(&mut records);
        let copies = kafka.topics("copied", PARTITIONS);
        let mark = Mark::set(&access(kafka), &routes(&copies)).unwrap();
        copy(kafka, &records, &topics, &copies);
        let verification =
            verify::verify(slice::from_ref(&journal), &routes(&copies), &mark, Duplicates::NONE).unwrap();
        let kinds: Vec<_> = verification.violations.samples.iter().map(Violation::kind).collect();
        assert_eq!(kinds, expected, "{name}: {verification}");
        assert_eq!(verification.records, records.len() as u64, "{name}");
    }
}

#[test]
fn many_connections_are_proven_too() {
    let kafka = Kafka::shared();
    let topics = kafka.topics("many", PARTITIONS);
    let gateway = gateway(kafka, &topics);
    let mut options = options(gateway.server(), 10_000, "1-50", 32);
    options.verify = Some(proof(kafka, &topics));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let run = runtime.block_on(run(options, &Stop::default())).unwrap();
    assert!(run.summary.all_acknowledged(), "{}", run.summary);
    let verification = run.verification.unwrap().unwrap();
    assert!(verification.violations.is_empty(), "{verification}");
}

#[test]
fn retries_and_disconnects_leave_what_the_model_allows_and_the_journals_prove_it_later() {
    let kafka = Kafka::shared();
    let topics = kafka.topics("again", PARTITIONS);
    let gateway = gateway(kafka, &topics);
    let directory = tempfile::tempdir().unwrap();
    let mut arguments = vec!["verify".to_owned(), "--json".to_owned()];
    for name in ["one", "two"] {
        let mut options = options(gateway.server(), 2_000, "1-20", 8);
        options.load.disconnect_share = 0.2;
        options.load.retries = 50;
        options.verify = Some(Proof { allowed: Duplicates::AS_PROMISED, ..proof(kafka, &topics) });
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let run = runtime.block_on(run(options, &Stop::default())).unwrap();
        assert!(run.summary.all_acknowledged() && !run.summary.retried.is_empty(), "{}", run.summary);
        let verification = run.verification.unwrap().unwrap();
        assert!(verification.violations.is_empty(), "{verification}");
        let (path, journal): (_, Journal) = (directory.path().join(name), run.journal.unwrap());
        journal.write(File::create(&path).unwrap()).unwrap();
        arguments.push(format!("--journal={}", path.display()));
    }

    let aicc_testkit::Topics { web, whatsapp, other, dead_letter, .. } = &topics;
    arguments.extend([
        format!("--bootstrap-servers={}", kafka.bootstrap_servers()),
        format!("--topic=WEB={web}"),
        format!("--topic=WHATSAPP={whatsapp}"),
        format!("--default-topic={other}"),
        format!("--dead-letter-topic={dead_letter}"),
    ]);
    let simulator = |arguments: &[String]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aicc-simulator"));
        command.args(arguments).output().unwrap()
    };
    let output = simulator(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["acknowledged_messages"], 4_000);

    let without = |journal: usize| {
        let mut arguments = arguments.clone();
        arguments.remove(journal);
        simulator(&arguments).status.code()
    };
    assert_eq!(without(2), Some(0), "the second run began behind the first");
    assert_eq!(without(3), Some(4), "without its journal the second run's records are nobody's");
    arguments[2] = "--journal=/no/such/journal".to_owned();
    assert_eq!(simulator(&arguments).status.code(), Some(1));
}

#[test]
fn a_topic_that_does_not_exist_is_an_error_before_anything_is_sent() {
    let kafka = Kafka::shared();
    let topics = kafka.topics("missing", PARTITIONS);
    let routes = Topics { default: "no-such-topic".to_owned(), ..routes(&topics) };
    let Err(error) = Mark::set(&access(kafka), &routes) else { panic!("the topic was found") };
    assert!(error.to_string().starts_with("topic `no-such-topic` does not exist"), "{error}");
}
