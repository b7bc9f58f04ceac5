//! Random histories: no correct one is rejected, and a fault is found in each, whatever else happened.

use std::collections::HashSet;

use proptest::prelude::*;

use super::relay::{Plan, Walked, walk};
use super::*;

fn plans() -> impl Strategy<Value = Plan> {
    let sizes = (1_u32..6, 1_u64..60, 1_usize..5, 0_usize..6);
    (any::<u64>(), sizes, any::<bool>()).prop_map(|(seed, (users, messages, connections, retries), dedup)| {
        Plan { seed, users, messages, connections, retries, dedup }
    })
}

/// The number of records whose message another one has too.
fn repeated(log: &[Stored]) -> u64 {
    let values: HashSet<_> = log.iter().map(|stored| &stored.value).collect();
    (log.len() - values.len()) as u64
}

/// Does something to a log with one record of it.
type Fault = fn(&mut Vec<Stored>, usize);

/// What must be found, and when.
fn faults() -> [(&'static str, Fault); 10] {
    fn copy(log: &mut Vec<Stored>, at: usize, push: Option<String>) {
        log.insert(at, Stored { push, ..log[at].clone() });
    }
    [
        ("altered", |log, at| log[at].value[7] ^= 1),
        ("wrong id", |log, at| log[at].id.push('x')),
        ("wrong key", |log, at| log[at].key.push(b'x')),
        ("wrong partition", |log, at| log[at].partition = (log[at].partition + 1) % 4),
        ("wrong topic", |log, at| log[at].topic = "dead-letter".to_owned()),
        ("duplicated", |log, at| log.push(log[at].clone())),
        ("duplicated", |log, at| log.insert(at, log[at].clone())),
        ("not from this run", |log, at| copy(log, at, None)),
        ("not from this run", |log, at| {
            copy(log, at, log[at].push.as_ref().map(|push| push.replace(';', "-99;")))
        }),
        ("not from this run", |log, at| {
            copy(log, at, log[at].push.as_ref().map(|push| push.replace('/', "/9")));
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_correct_history_is_rejected_and_its_duplicates_are_counted(plan in plans()) {
        let Walked { journal, log } = walk(plan);
        let found = check(slice::from_ref(&journal), &log, Duplicates::AS_PROMISED);
        prop_assert!(found.violations.is_empty(), "{}\n{:?}", found, journal);
        prop_assert_eq!(found.duplicates.after_unknown, repeated(&log));
        prop_assert_eq!(found.duplicates.within_attempt, 0);
    }
}

proptest! {
    #[test]
    fn a_record_with_a_fault_is_found_in_every_history(plan in plans(), any: prop::sample::Index) {
        let Walked { journal, log } = walk(plan);
        prop_assume!(!log.is_empty());
        let at = any.index(log.len());
        for (kind, fault) in faults() {
            let mut log = log.clone();
            fault(&mut log, at);
            let found = kinds(&journal, &log);
            prop_assert!(found.contains(&kind), "{} in {:?}", kind, found);
        }
    }

    #[test]
    fn a_message_that_was_acknowledged_is_missed_in_every_history(plan in plans(), any: prop::sample::Index) {
        let Walked { journal, log } = walk(plan);
        let acknowledged: Vec<Push> = acknowledged(plan, &journal);
        prop_assume!(!acknowledged.is_empty());
        let push = &acknowledged[any.index(acknowledged.len())];
        let value = &push.body[push.messages[any.index(push.messages.len())].bytes.clone()];
        let kept: Vec<Stored> = log.iter().filter(|stored| stored.value != value).cloned().collect();
        prop_assert_eq!(kinds(&journal, &kept), ["lost"]);
    }

    #[test]
    fn a_record_that_an_earlier_one_must_precede_is_found_in_every_history(
        plan in plans(),
        any: prop::sample::Index,
    ) {
        let Walked { journal, log } = walk(plan);
        // Two records of one push in one partition, of the attempt that was answered 0.
        let own = |stored: &Stored| {
            let (push, attempt) = journal.find(stored.request_id()?)?;
            let own = journal.acknowledged_by(&journal.pushes[push]) == Some(attempt);
            own.then(|| (push, stored.topic.clone(), stored.partition))
        };
        let pairs: Vec<(usize, usize)> = (0..log.len())
            .filter_map(|one| {
                let next = (one + 1..log.len()).find(|next| own(&log[*next]) == own(&log[one]))?;
                own(&log[one]).map(|_| (one, next))
            })
            .collect();
        prop_assume!(!pairs.is_empty());
        let (one, next) = pairs[any.index(pairs.len())];
        let mut log = log.clone();
        log.swap(one, next);
        let found = kinds(&journal, &log);
        prop_assert!(found.contains(&"out of order within a push"), "{:?}", found);
    }
}

/// The pushes of a walk that were acknowledged.
fn acknowledged(plan: Plan, journal: &Journal) -> Vec<Push> {
    let (_, pushes) = pushes(plan.users, "WEB=2,LINE=1", "1-4", plan.messages, plan.seed);
    let entry = |push: &Push| &journal.pushes[push.sequence as usize];
    pushes.into_iter().filter(|push| journal.acknowledged_by(entry(push)).is_some()).collect()
}

#[test]
fn the_walks_meet_everything_that_the_model_speaks_of() {
    let mut times = HashMap::<&str, u32>::new();
    for seed in 0..300 {
        let plan = Plan { seed, users: 3, messages: 40, connections: 3, retries: 4, dedup: seed % 2 == 0 };
        let Walked { journal, log } = walk(plan);
        let mut meet = |what, whether: bool| *times.entry(what).or_default() += u32::from(whether);
        meet("duplicates", repeated(&log) > 0);
        for entry in journal.pushes() {
            let left = |attempt: usize| {
                let attempt = attempt.try_into().unwrap();
                log.iter().filter(|stored| stored.is_of(entry.sequence(), attempt)).count()
            };
            let (attempts, all) = (entry.attempts(), entry.users().count());
            let last = attempts.len() - 1;
            let retried = attempts[last].outcome == OK && last > 0;
            meet("a known batch", retried && left(last) == 0);
            meet("a retry that was published", retried && left(last) == all);
            meet("a retry of a part", retried && (0..last).any(|one| (1..all).contains(&left(one))));
            meet("a refused attempt", attempts[0].outcome == REFUSED);
            meet("several that can vouch", retried && left(last) == 0 && left(0) == all && left(1) == all);
            meet("left by a push that was given up", attempts[last].outcome != OK && left(last) > 0);
        }
    }
    assert_eq!(times.len(), 7);
    assert!(times.values().all(|times| *times > 0), "{times:?}");
}
