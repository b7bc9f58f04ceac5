//! What the model allows, and each single fault, in the log of one history.

use super::scene::{History, at, history, shift};
use super::*;

type Edit = fn(&mut Vec<Stored>, &History);
type Case = (&'static str, Edit, &'static [&'static str]);

#[track_caller]
fn name_each(cases: &[Case]) {
    for (name, edit, expected) in cases {
        let history = history();
        let mut log = history.log.clone();
        edit(&mut log, &history);
        assert_eq!(kinds(&history.journal, &log), *expected, "{name}");
    }
}

#[test]
fn what_the_model_allows_passes() {
    name_each(&[
        ("the history itself", |_, _| {}, &[]),
        ("an unknown attempt left nothing", |log, _| log.retain(|stored| !stored.is_of(1, 0)), &[]),
        ("an unknown attempt left all", |log, history| log.push(history.records(1, 0).remove(2)), &[]),
        (
            "an unknown attempt that nobody retried left all",
            |log, history| log.extend([0, 2].map(|index| history.records(4, 0)[index].clone())),
            &[],
        ),
        ("an unknown attempt's records lie in another order", |log, _| log.swap(3, 4), &[]),
        ("an unknown attempt's record comes late", |log, _| shift(log, 3, 15), &[]),
        (
            "a batch that was published again lies twice in order",
            |log, history| {
                let again = at(log, 2, 0, 2) + 1;
                log.splice(again..again, history.records(2, 1));
            },
            &[],
        ),
        (
            "pushes in flight together change places",
            |log, _| log[15..].sort_by_key(|one| one.is_of(7, 0)),
            &[],
        ),
    ]);
}

#[test]
fn a_loss_is_named() {
    name_each(&[
        ("one record", |log, _| drop(log.remove(1)), &["lost"]),
        ("a whole batch", |log, _| log.retain(|stored| !stored.is_of(0, 0)), &["lost"; 3]),
        ("everything", |log, _| log.clear(), &["lost"; 18]),
        ("what only the retry left", |log, _| drop(log.remove(at(log, 1, 1, 2))), &["lost"]),
        ("what the retry and its first attempt left", |log, _| drop(log.remove(at(log, 1, 1, 0))), &["torn"]),
        ("the whole retry", |log, _| log.retain(|stored| !stored.is_of(1, 1)), &["lost"]),
        ("what vouches for a known batch", |log, _| drop(log.remove(at(log, 2, 0, 1))), &["lost"]),
        (
            "what vouches for a known batch, its retry having left a part",
            |log, history| {
                let retry = history.records(2, 1).remove(1);
                log[at(&history.log, 2, 0, 1)] = retry;
            },
            &["torn"],
        ),
    ]);
}

#[test]
fn a_forbidden_duplicate_is_named() {
    name_each(&[
        ("of an acknowledged attempt", |log, _| log.push(log[1].clone()), &["duplicated"]),
        ("of a retry", |log, _| log.push(log[at(log, 1, 1, 0)].clone()), &["duplicated"]),
        ("within an unknown attempt", |log, _| log.push(log[at(log, 4, 0, 1)].clone()), &["duplicated"]),
        ("within what vouches for a known batch", |log, _| log.insert(9, log[8].clone()), &["duplicated"]),
        ("a whole batch", |log, history| log.extend(history.records(0, 0)), &["duplicated"; 3]),
        ("under another id", |log, _| log[3].id.push_str("-1"), &["wrong id"]),
        (
            "under the id of a retry that was never sent",
            |log, history| log.push(history.records(0, 1).remove(0)),
            &["not from this run"],
        ),
    ]);
}

#[test]
fn a_record_that_is_not_the_message_is_named() {
    name_each(&[
        ("another byte", |log, _| log[6].value[9] ^= 1, &["altered"]),
        ("without its end", |log, _| log[6].value.truncate(40), &["altered"]),
        ("white space more", |log, _| log[6].value.push(b' '), &["altered"]),
        ("an unknown attempt's, altered", |log, _| log[3].value[9] ^= 1, &["altered"]),
        ("another id", |log, _| log[6].id.push_str("-1"), &["wrong id"]),
        ("another key", |log, _| log[6].key = b"other".to_vec(), &["wrong key"]),
        ("another partition", |log, _| log[6].partition = (log[6].partition + 1) % 4, &["wrong partition"]),
        ("another topic", |log, _| log[6].topic = "other".to_owned(), &["wrong topic"]),
        ("a dead letter", |log, _| log[6].topic = "dead-letter".to_owned(), &["wrong topic"]),
    ]);
}

#[test]
fn a_record_out_of_order_is_named() {
    let (within, across): (&[_], &[_]) = (&["out of order within a push"], &["out of order across pushes"]);
    name_each(&[
        ("in a batch", |log, _| log.swap(0, 1), within),
        ("in a retry", |log, _| log.swap(5, 6), within),
        ("in what vouches for a known batch", |log, _| log.swap(9, 10), within),
        (
            "in a retry of a batch that was there in order",
            |log, history| {
                let again = at(log, 2, 0, 2) + 1;
                log.splice(again..again, [1, 0, 2].map(|index| history.records(2, 1)[index].clone()));
            },
            within,
        ),
        ("in one of two batches in flight together", |log, _| log.swap(16, 18), within),
        ("before an earlier push", |log, _| log.swap(10, 11), across),
        ("a known batch after a later push", |log, _| shift(log, at(log, 2, 0, 2), 13), across),
        ("an unknown attempt before an earlier push", |log, _| shift(log, at(log, 4, 0, 1), 13), across),
        ("a retried attempt before an earlier push", |log, _| shift(log, at(log, 1, 0, 0), 2), across),
    ]);
}

#[test]
fn a_record_that_should_not_be_is_named() {
    fn under(push: Option<String>, log: &mut Vec<Stored>) {
        log.push(Stored { push, ..log[0].clone() });
    }
    name_each(&[
        (
            "a refused push",
            |log, history| log.extend(history.records(5, 0)),
            &["published though refused"; 3],
        ),
        (
            "a part of a refused push",
            |log, history| log.push(history.records(5, 0).remove(1)),
            &["published though refused"],
        ),
        (
            "a refused attempt whose retry was acknowledged",
            |log, history| log.insert(10, history.records(3, 0).remove(0)),
            &["published though refused"],
        ),
        ("without a push", |log, _| under(None, log), &["not from this run"]),
        (
            "of another run",
            |log, _| under(Some(format!("{};0/3;0;key", RunId::new(1).request_id(0, 0))), log),
            &["not from this run"],
        ),
        (
            "of a push that was never sent",
            |log, _| under(Some(format!("{};0/3;0;key", RUN.request_id(8, 0))), log),
            &["not from this run"],
        ),
        (
            "of a request id that is only nearly one",
            |log, _| under(Some(format!("{}-0;0/3;0;key", RUN.request_id(0, 0))), log),
            &["not from this run"],
        ),
        (
            "with an index that its push has not",
            |log, _| under(Some(format!("{};3/3;0;key", RUN.request_id(0, 0))), log),
            &["not from this run"],
        ),
        (
            "with another number of messages",
            |log, _| under(Some(format!("{};0/4;0;key", RUN.request_id(0, 0))), log),
            &["not from this run"],
        ),
    ]);
}
