//! The values of a record's headers.

use std::borrow::Cow;
use std::collections::HashSet;

use aicc_schema::cloudevents::{EventIds, event_type, source, value_id};
use proptest::prelude::*;

fn assign(ids: &[&str]) -> Vec<String> {
    let mut given = EventIds::new();
    ids.iter().map(|id| given.assign(Cow::Borrowed(*id)).into_owned()).collect()
}

#[test]
fn a_source_has_percent_encoded_segments() {
    assert_eq!(source(Some("WEB"), Some("202105284494222653")), "/aicc/WEB/202105284494222653");
    assert_eq!(source(Some("aZ09-._~"), Some("a b/c%?#")), "/aicc/aZ09-._~/a%20b%2Fc%25%3F%23");
    assert_eq!(source(Some("张"), Some("\0\u{7f}+")), "/aicc/%E5%BC%A0/%00%7F%2B");
    for (channel, from) in [(None, None), (Some("WEB"), None), (None, Some("1"))] {
        assert_eq!(source(channel, from), "/aicc");
    }
}

#[test]
fn a_type_is_in_ascii_lower_case() {
    assert_eq!(event_type("CHAT"), "aicc.message.chat");
    assert_eq!(event_type("ÄB c"), "aicc.message.Äb c");
}

#[test]
fn the_id_of_a_value_is_the_first_half_of_its_sha256() {
    assert_eq!(value_id(b""), "e3b0c44298fc1c149afbf4c8996fb924");
    assert_eq!(value_id(b"abc"), "ba7816bf8f01cfea414140de5dae2223");
}

#[test]
fn an_id_that_is_taken_gets_the_smallest_suffix_that_is_free() {
    assert_eq!(assign(&["a", "b", ""]), ["a", "b", ""]);
    assert_eq!(assign(&["a", "a", "a"]), ["a", "a-1", "a-2"]);
    assert_eq!(assign(&["a", "a", "a-1"]), ["a", "a-1", "a-1-1"]);
    assert_eq!(assign(&["a-1", "a", "a", "a"]), ["a-1", "a", "a-2", "a-3"]);
    assert_eq!(assign(&["a-2", "a", "a", "a", "a-1"]), ["a-2", "a", "a-1", "a-3", "a-1-1"]);
    assert_eq!(assign(&["", "", "-1"]), ["", "-1", "-1-1"]);
}

#[test]
fn a_hundred_thousand_equal_ids_are_no_burden() {
    let ids = assign(&vec!["a"; 100_000]);
    assert_eq!(ids[99_999], "a-99999");
}

proptest! {
    #[test]
    fn ids_are_unique_and_the_smallest_ones(ids in prop::collection::vec("a(-[12]){0,3}", 0..40)) {
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        let mut taken = HashSet::new();
        for (id, given) in ids.iter().zip(assign(&ids)) {
            let suffixed = (1..).map(|n| format!("{id}-{n}"));
            let expected = std::iter::once((*id).to_owned()).chain(suffixed).find(|id| !taken.contains(id));
            prop_assert_eq!(Some(&given), expected.as_ref());
            taken.insert(given);
        }
    }
}
