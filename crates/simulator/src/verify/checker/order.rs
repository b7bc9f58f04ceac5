//! How the records lie that vouch for acknowledged pushes.

use std::collections::HashMap;

use super::ledger::{Ledger, Sighting};
use crate::verify::violation::Order;

/// A record that lies behind one that it has to precede.
#[derive(Debug, Clone, Copy)]
pub(super) struct Misplaced {
    pub(super) order: Order,
    /// Of an attempt that vouches.
    pub(super) at: Sighting,
    /// Lies before it and must not.
    pub(super) before: Sighting,
}

/// Finds all of them. The ledger is sorted and has no repetitions; `vouchers` says which attempts of its journal vouch.
pub(super) fn find(ledger: &Ledger<'_>, vouchers: &[bool]) -> Vec<Misplaced> {
    let mut found = Vec::new();
    within_pushes(ledger, vouchers, &mut found);
    across_pushes(ledger, vouchers, &mut found);
    found
}

/// In each partition, the records of an attempt that vouches lie in batch order.
fn within_pushes(ledger: &Ledger<'_>, vouchers: &[bool], found: &mut Vec<Misplaced>) {
    let mut last: HashMap<u32, Sighting> = HashMap::new();
    let same_attempt = |one: &Sighting, next: &Sighting| (one.push, one.attempt) == (next.push, next.attempt);
    for of_attempt in ledger.sightings.chunk_by(same_attempt) {
        if !vouchers[ledger.attempt_index(of_attempt[0])] {
            continue;
        }
        last.clear();
        for &sighting in of_attempt {
            match last.get(&sighting.slot) {
                // `later` lies behind this message although it comes before it in the batch.
                Some(&later) if later.offset > sighting.offset => {
                    found.push(Misplaced { order: Order::WithinPush, at: later, before: sighting });
                }
                _ => {
                    last.insert(sighting.slot, sighting);
                }
            }
        }
    }
}

/// In each partition, a user's records that vouch for a push lie before those of attempts sent after its `0`.
fn across_pushes(ledger: &Ledger<'_>, vouchers: &[bool], found: &mut Vec<Misplaced>) {
    let group = |sighting: Sighting| (sighting.slot, ledger.message(sighting).user);
    let mut order: Vec<u32> = (0..).zip(&ledger.sightings).map(|(number, _)| number).collect();
    let at = |number: u32| ledger.sightings[number as usize];
    order.sort_unstable_by_key(|&number| (group(at(number)), at(number).offset));
    for same in order.chunk_by(|&one, &next| group(at(one)) == group(at(next))) {
        // Of the records so far, the one whose attempt was sent last.
        let mut latest = at(same[0]);
        for sighting in same.iter().map(|&number| at(number)) {
            let sent = ledger.attempt(latest).sent;
            if vouchers[ledger.attempt_index(sighting)]
                && acknowledged(ledger, sighting).is_some_and(|answered| answered < sent)
            {
                found.push(Misplaced { order: Order::AcrossPushes, at: sighting, before: latest });
            }
            if ledger.attempt(sighting).sent > sent {
                latest = sighting;
            }
        }
    }
}

/// When the push of a sighting was answered `0`.
fn acknowledged(ledger: &Ledger<'_>, sighting: Sighting) -> Option<std::time::Duration> {
    let push = ledger.push(sighting);
    let attempt = ledger.journal.acknowledged_by(push)?;
    Some(ledger.journal.attempts_of(push)[attempt].answered)
}
