//! What is sent, and how the ways in which a push can end are counted.

use std::collections::HashSet;
use std::time::Duration;

use aicc_simulator::Count;
use aicc_simulator::journal::Verdict;
use aicc_simulator::push::{RunError, run};
use aicc_simulator::sender::{SendError, Stop};
use http_body_util::Full;
use hyper::Response;

use crate::options::options;
use crate::receiver::{Receiver, answer};

#[tokio::test]
async fn every_push_is_signed_valid_and_under_a_request_id_of_its_own() {
    let receiver = Receiver::start(async |_| answer(200, "0")).await;
    let run = run(options(receiver.address, 500, "1-20", 4), &Stop::default()).await.unwrap();

    assert!(run.summary.all_acknowledged(), "{}", run.summary);
    assert_eq!(run.summary.acknowledged.messages, 500);
    let arrivals = receiver.arrivals();
    assert_eq!(arrivals.len() as u64, run.summary.sent.pushes);
    let ids: HashSet<_> = arrivals.iter().map(|arrival| &arrival.request_id).collect();
    assert_eq!(ids.len(), arrivals.len());
    for arrival in &arrivals {
        let push = aicc_schema::parse(&arrival.body, 1_000).unwrap();
        assert!(push.messages.iter().all(|message| matches!(message, aicc_schema::Message::Valid(_))));
    }
}

#[tokio::test]
async fn outcomes_are_counted_by_status_and_code() {
    let receiver = Receiver::start(async |arrival| match arrival.number {
        0..5 => answer(200, "0"),
        5..7 => answer(503, "5030"),
        7 => answer(504, "5040"),
        8 => answer(200, "5031"),
        _ => Response::builder().status(502).body(Full::new("<html>".into())).unwrap(),
    })
    .await;
    let run = run(options(receiver.address, 20, "2", 1), &Stop::default()).await.unwrap();

    let count = |pushes| Count { pushes, messages: 2 * pushes };
    let expected = [
        ("200/0", count(5)),
        ("200/5031", count(1)),
        ("502 without a code", count(1)),
        ("503/5030", count(2)),
        ("504/5040", count(1)),
    ];
    assert_eq!(run.summary.outcomes, expected.map(|(label, count)| (label.to_owned(), count)).into());
    assert_eq!(run.summary.acknowledged, count(5));
    assert!(!run.summary.all_acknowledged());
}

#[tokio::test]
async fn a_push_without_an_answer_times_out_and_the_next_one_has_a_new_connection() {
    let receiver = Receiver::start(async |arrival| {
        if arrival.number == 1 {
            std::future::pending::<()>().await;
        }
        answer(200, "0")
    })
    .await;
    let mut options = options(receiver.address, 30, "10", 1);
    options.load.timeout = Duration::from_millis(300);
    let run = run(options, &Stop::default()).await.unwrap();

    let counts = run.summary.outcomes.iter().map(|(label, count)| (label.as_str(), count.pushes));
    assert_eq!(counts.collect::<Vec<_>>(), [("200/0", 2), ("timed out", 1)]);
}

#[tokio::test]
async fn a_connection_that_the_server_closes_costs_no_push() {
    let receiver = Receiver::start(async |_| {
        let mut answer = answer(200, "0");
        answer.headers_mut().insert("connection", "close".parse().unwrap());
        answer
    })
    .await;
    let run = run(options(receiver.address, 200, "1", 4), &Stop::default()).await.unwrap();
    assert!(run.summary.all_acknowledged(), "{}", run.summary);
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_answer_is_counted_as_lost() {
    let receiver = Receiver::start(async |arrival| {
        assert_ne!(arrival.number, 1, "as the test wants: this closes the connection");
        answer(200, "0")
    })
    .await;
    let run = run(options(receiver.address, 3, "1", 1), &Stop::default()).await.unwrap();
    let counts = run.summary.outcomes.iter().map(|(label, count)| (label.as_str(), count.pushes));
    assert_eq!(counts.collect::<Vec<_>>(), [("200/0", 2), ("connection lost", 1)]);
}

#[tokio::test]
async fn a_push_that_is_not_acknowledged_is_sent_again_before_the_next_one() {
    let receiver = Receiver::start(async |arrival| match arrival.number {
        0 => answer(503, "5031"),
        1 => answer(504, "5040"),
        2 => panic!("as the test wants: this closes the connection"),
        3 => std::future::pending().await,
        _ => answer(200, "0"),
    })
    .await;
    let mut options = options(receiver.address, 20, "10", 1);
    options.load.retries = 4;
    options.load.timeout = Duration::from_millis(300);
    options.journal = true;
    let run = run(options, &Stop::default()).await.unwrap();

    assert!(run.summary.all_acknowledged(), "{}", run.summary);
    assert_eq!(run.summary.sent, Count { pushes: 2, messages: 20 });
    let retried: Vec<_> = run.summary.retried.keys().map(String::as_str).collect();
    assert_eq!(retried, ["503/5031", "504/5040", "connection lost", "timed out"]);
    let journal = run.journal.unwrap();
    let attempts: Vec<_> = journal.pushes().map(|push| push.attempts().len()).collect();
    assert_eq!(attempts, [5, 1]);
    // The receiver has checked that each is signed for itself.
    let arrivals = receiver.arrivals();
    let sent: Vec<_> = arrivals.iter().map(|arrival| arrival.request_id.clone()).collect();
    let ids = (0..5).map(|attempt| journal.run().request_id(0, attempt));
    assert_eq!(sent, ids.chain([journal.run().request_id(1, 0)]).collect::<Vec<_>>());
    assert!(arrivals[..5].iter().all(|arrival| arrival.body == arrivals[0].body));
}

#[tokio::test]
async fn a_push_is_given_up_after_its_retries_and_at_once_if_they_cannot_help() {
    for (status, code, attempts) in [(503, "5030", 3), (400, "4000", 1), (401, "4011", 1)] {
        let receiver = Receiver::start(move |_| async move { answer(status, code) }).await;
        let mut options = options(receiver.address, 20, "1", 4);
        options.load.retries = 2;
        let run = run(options, &Stop::default()).await.unwrap();
        assert_eq!(run.summary.outcomes[&format!("{status}/{code}")].pushes, 20);
        assert_eq!(receiver.arrivals().len(), 20 * attempts, "{code}");
    }
}

#[tokio::test]
async fn attempts_are_broken_off_by_the_seed_and_sent_again() {
    let mut aborted = Vec::new();
    for _ in 0..2 {
        let receiver = Receiver::start(async |_| answer(200, "0")).await;
        let mut options = options(receiver.address, 200, "1", 4);
        options.load.disconnect_share = 0.3;
        options.load.retries = 100;
        options.journal = true;
        let run = run(options, &Stop::default()).await.unwrap();
        assert!(run.summary.all_acknowledged(), "{}", run.summary);
        assert_eq!(run.summary.retried.keys().collect::<Vec<_>>(), ["aborted"]);
        let journal = run.journal.unwrap();
        let unknown = |verdict| verdict == Verdict::Unknown;
        let attempts = journal.pushes().flat_map(|push| push.attempts());
        aborted.push(attempts.map(|attempt| unknown(attempt.verdict())).collect::<Vec<_>>());
    }
    assert_eq!(aborted[0], aborted[1]);
    let count = aborted[0].iter().filter(|aborted| **aborted).count();
    assert!((40..140).contains(&count), "{count}");
}

#[tokio::test]
async fn latency_in_an_open_loop_counts_the_wait_for_a_stalled_receiver() {
    let receiver = Receiver::start(async |arrival| {
        if arrival.number == 0 {
            tokio::time::sleep(Duration::from_millis(600)).await;
        }
        answer(200, "0")
    })
    .await;
    let mut options = options(receiver.address, 100, "1", 1);
    // All are due within 100 ms, and wait behind the first one for the single connection.
    options.load.rate = Some(1_000.0);
    let run = run(options, &Stop::default()).await.unwrap();
    assert!(run.summary.all_acknowledged());
    let p50 = Duration::from_micros(run.summary.latency_microseconds.p50);
    assert!(p50 >= Duration::from_millis(500), "{p50:?}");
}

#[tokio::test]
async fn a_stop_waits_for_the_pushes_in_flight() {
    let stop = Stop::default();
    let stopper = stop.clone();
    let receiver = Receiver::start(move |arrival| {
        let stop = stopper.clone();
        async move {
            if arrival.number == 9 {
                stop.stop();
            }
            answer(200, "0")
        }
    })
    .await;
    let mut options = options(receiver.address, 1_000_000, "1", 2);
    options.messages = None;
    let run = run(options, &stop).await.unwrap();
    assert!(run.summary.all_acknowledged());
    assert!((10..=12).contains(&run.summary.sent.pushes), "{}", run.summary);
}

#[tokio::test]
async fn a_receiver_that_is_not_there_is_an_error_and_not_a_run() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = run(options(closed, 10, "1", 1), &Stop::default()).await.unwrap_err();
    assert!(matches!(&error, RunError::Send(SendError::Connect { .. })), "{error}");
}
