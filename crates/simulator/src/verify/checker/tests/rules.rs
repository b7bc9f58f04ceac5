//! Rules that need a history of their own: several attempts that can vouch, several runs, limits, many records.

use super::scene::{History, at, history};
use super::*;

#[test]
fn a_push_that_is_published_again_after_its_0_is_named() {
    let (users, pushes) = pushes(1, "WEB=1", "3", 3, 1);
    let mut journal = journal(&users);
    journal.record(&pushes[0], &[attempt(0, 9, OK), attempt(10, 19, OK)]);
    let log = [records(&users, &pushes[0], 0), records(&users, &pushes[0], 1)].concat();
    assert_eq!(kinds(&journal, &log[..3]), [""; 0]);
    assert_eq!(kinds(&journal, &log), ["duplicated"; 3]);
}

#[test]
fn duplicates_are_counted_up_to_the_limit_and_named_beyond() {
    let History { journal, mut log, .. } = history();
    // A producer's own repetition, beside the two records of the unknown attempt.
    log.insert(1, log[0].clone());
    for (after_unknown, within_attempt, forbidden) in [(2, 1, 0), (9, 9, 0), (1, 1, 1), (2, 0, 1), (0, 0, 3)]
    {
        let allowed = Duplicates { after_unknown, within_attempt };
        let found = check(slice::from_ref(&journal), &log, allowed);
        let counted =
            Duplicates { after_unknown: after_unknown.min(2), within_attempt: within_attempt.min(1) };
        assert_eq!(found.duplicates, counted, "{allowed:?}");
        assert_eq!(found.violations.counts.values().sum::<u64>(), forbidden, "{allowed:?}");
        assert!(found.violations.samples.iter().all(|one| one.kind() == "duplicated"), "{found:?}");
    }
}

#[test]
fn of_several_attempts_that_can_vouch_one_in_order_is_enough() {
    let (users, pushes) = pushes(1, "WEB=1", "2", 4, 1);
    let mut journal = journal(&users);
    journal.record(&pushes[0], &[attempt(0, 1, UNKNOWN), attempt(2, 3, UNKNOWN), attempt(4, 5, OK)]);
    journal.record(&pushes[1], &[attempt(10, 11, OK)]);
    let [first, second] = [0, 1].map(|attempt| records(&users, &pushes[0], attempt));
    let later = records(&users, &pushes[1], 0);
    let swapped = [first[1].clone(), first[0].clone()].to_vec();

    let log = [second.clone(), later.clone(), first.clone()].concat();
    assert_eq!(kinds(&journal, &log), [""; 0], "the first attempt comes late");
    let log = [swapped.clone(), second.clone(), later.clone()].concat();
    assert_eq!(kinds(&journal, &log), [""; 0], "the first attempt lies in another order");
    let log = [swapped, later, second].concat();
    assert_eq!(kinds(&journal, &log), ["out of order within a push"], "neither is in order");
}

#[test]
fn a_violation_says_where_it_is() {
    let History { journal, mut log, .. } = history();
    let at = at(&log, 2, 0, 2);
    log.swap(at, at + 1);
    let found = check(slice::from_ref(&journal), &log, Duplicates::AS_PROMISED);
    assert_eq!(
        found.violations.samples[0].to_string(),
        format!(
            "out of order across pushes: push sim-000000000000feed-2 message 2 at web[{}]@11 \
             lies after push sim-000000000000feed-3-1 message 0",
            log[0].partition
        )
    );
}

#[test]
fn runs_that_wrote_to_the_same_topics_are_judged_together() {
    let History { journal: one, users, pushes, mut log } = history();
    let mut other = Journal::new(RunId::new(7), Arc::clone(&users), Offsets::new());
    other.record(&pushes[0], &[attempt(0, 9, OK)]);
    let theirs = records(&users, &pushes[0], 0).into_iter().map(|stored| Stored {
        push: stored.push.map(|push| push.replace(&RUN.request_id(0, 0), &RunId::new(7).request_id(0, 0))),
        ..stored
    });
    log.splice(5..5, theirs);
    assert_eq!(kinds(&one, &log), ["not from this run"; 3]);
    let found = check(&[one, other], &log, Duplicates::AS_PROMISED);
    assert_eq!((found.acknowledged, found.records), (21, log.len() as u64));
    assert!(found.violations.is_empty(), "{found}");
}

#[test]
fn many_users_channels_and_pushes_pass_in_whatever_order_partitions_are_read() {
    let (users, pushes) = pushes(300, "WEB=80,WHATSAPP=15,LINE=5", "1-50", 20_000, 1);
    let mut journal = journal(&users);
    for push in pushes.iter().rev() {
        let sent = 2 * u64::from(push.sequence);
        journal.record(push, &[attempt(sent, sent + 1, OK)]);
    }
    journal.sort();
    let mut log: Vec<Stored> = pushes.iter().flat_map(|push| records(&users, push, 0)).collect();
    assert_eq!(kinds(&journal, &log), [""; 0]);
    log.sort_by_key(|stored| (stored.partition, stored.topic.clone()));
    assert_eq!(kinds(&journal, &log), [""; 0]);
}

#[test]
fn every_violation_is_counted_and_a_few_are_kept() {
    let (users, pushes) = pushes(1, "WEB=1", "10", 1_000, 1);
    let mut journal = journal(&users);
    for push in &pushes {
        journal.record(push, &[attempt(0, 1, OK)]);
    }
    let violations = check(&[journal], &[], Duplicates::NONE).violations;
    assert_eq!(violations.counts, [("lost", 1_000)].into());
    assert_eq!(violations.samples.len(), 20);
}
