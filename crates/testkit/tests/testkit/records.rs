//! Topics and records on the shared Kafka.

use std::panic;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aicc_testkit::{Kafka, wait_until};

use crate::produce::produce;

const TIMEOUT: Duration = Duration::from_secs(30);

#[test]
fn a_record_comes_back_whole() {
    let kafka = Kafka::shared();
    let topics = kafka.topics("whole", 3);
    let before = now_ms();
    produce(kafka.bootstrap_servers(), &topics.whatsapp, "8613800138000", "{\"你\":1}", TIMEOUT).unwrap();

    let records = kafka.wait_for_records(topics.names(), 1, TIMEOUT);

    let [record] = records.as_slice() else { panic!("one record was sent: {records:?}") };
    assert_eq!(record.topic, topics.whatsapp);
    assert_eq!(record.offset, 0);
    assert!((0..3).contains(&record.partition), "{record:?}");
    assert!((before..=now_ms()).contains(&record.timestamp_ms), "{record:?}");
    assert_eq!(record.key.as_deref(), Some(b"8613800138000".as_slice()));
    assert_eq!(record.value.as_deref(), Some("{\"你\":1}".as_bytes()));
    assert_eq!(record.headers, [("first".to_owned(), b"1".to_vec()), ("first".to_owned(), b"2".to_vec())]);
    assert_eq!(record.header("first"), Some(b"1".as_slice()));
}

#[test]
fn records_come_in_the_order_of_topics_partitions_and_offsets() {
    let kafka = Kafka::shared();
    let (one, two) = (kafka.topic("order-one", 4), kafka.topic("order-two", 1));
    for n in 0..8 {
        produce(kafka.bootstrap_servers(), &one, &format!("user {n}"), "", TIMEOUT).unwrap();
        produce(kafka.bootstrap_servers(), &two, "user", "", TIMEOUT).unwrap();
    }

    let records = kafka.records([&two, &one]);

    assert_eq!(records.len(), 16);
    let places: Vec<_> =
        records.iter().map(|record| (record.topic == *one, record.partition, record.offset)).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn waiting_for_more_records_than_there_are_fails_and_says_how_many_there_are() {
    let kafka = Kafka::shared();
    let topic = kafka.topic("few", 1);
    produce(kafka.bootstrap_servers(), &topic, "user", "", TIMEOUT).unwrap();

    let wait = || kafka.wait_for_records([&topic], 2, Duration::from_secs(2));
    let panic = panic::catch_unwind(panic::AssertUnwindSafe(wait)).unwrap_err();

    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("hold 1 records, not 2"), "{text}");
}

#[test]
fn topics_are_deleted_on_drop_and_are_not_created_by_producing() {
    let kafka = Kafka::shared();
    let topics = kafka.topics("dropped", 1);
    let names = topics.names().map(str::to_owned);
    assert!(names.iter().all(|name| kafka.partition(name, 0).is_some()));

    drop(topics);

    for name in &names {
        wait_until(TIMEOUT, "the topic is gone", || kafka.partition(name, 0).is_none());
    }
    produce(kafka.bootstrap_servers(), &names[0], "user", "", Duration::from_secs(2)).unwrap_err();
    assert_eq!(kafka.partition(&names[0], 0), None);
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().try_into().unwrap()
}
