//! Where the records of one run lie, and what follows from it: what is lost, torn or there too often, and which attempt
//! vouches for each push.

use std::ops::Range;

use super::Report;
use super::order::{self, Misplaced};
use crate::journal::{Attempt, Journal, MessageEntry, PushEntry, Verdict};
use crate::verify::violation::{MessageRef, Violation};

/// A record of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sighting {
    /// Index of the push in the journal.
    pub(super) push: u32,
    /// Number of the attempt in its push.
    pub(super) attempt: u32,
    /// Index of the message in its push.
    pub(super) index: u32,
    /// The partition, by its number in the report.
    pub(super) slot: u32,
    pub(super) offset: i64,
}

/// The records of one run.
#[derive(Debug)]
pub(super) struct Ledger<'a> {
    pub(super) journal: &'a Journal,
    pub(super) sightings: Vec<Sighting>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(journal: &'a Journal) -> Self {
        Self { journal, sightings: Vec::new() }
    }

    pub(super) fn push(&self, sighting: Sighting) -> &'a PushEntry {
        &self.journal.pushes[sighting.push as usize]
    }

    pub(super) fn message(&self, sighting: Sighting) -> &'a MessageEntry {
        &self.journal.messages[self.push(sighting).first + sighting.index as usize]
    }

    /// Index of the sighting's attempt in the journal.
    pub(super) fn attempt_index(&self, sighting: Sighting) -> usize {
        self.push(sighting).first_attempt + sighting.attempt as usize
    }

    pub(super) fn attempt(&self, sighting: Sighting) -> &'a Attempt {
        &self.journal.attempts[self.attempt_index(sighting)]
    }

    pub(super) fn name(&self, sighting: Sighting) -> MessageRef {
        self.name_of(self.push(sighting), sighting.attempt, sighting.index as usize)
    }

    fn name_of(&self, push: &PushEntry, attempt: u32, index: usize) -> MessageRef {
        MessageRef { request_id: self.journal.run.request_id(push.sequence, attempt), index }
    }

    /// Says all that is wrong.
    pub(super) fn settle(mut self, report: &mut Report) {
        self.sightings.sort_unstable();
        self.drop_repetitions(report);
        let mut vouchers = vec![false; self.journal.attempts.len()];
        let mut start = 0;
        for (number, push) in (0_u32..).zip(&self.journal.pushes) {
            let rest = &self.sightings[start..];
            let of_push = &rest[..rest.partition_point(|sighting| sighting.push == number)];
            start += of_push.len();
            self.count_duplicates(push, of_push, report);
            for attempt in self.find_vouchers(push, of_push, report) {
                vouchers[push.first_attempt + attempt as usize] = true;
            }
        }
        let misplaced = order::find(&self, &vouchers);
        self.report_misplaced(&vouchers, misplaced, report);
    }

    /// Keeps the first record that an attempt left of a message; what follows are duplicates.
    fn drop_repetitions(&mut self, report: &mut Report) {
        let mut sightings = std::mem::take(&mut self.sightings);
        sightings.dedup_by(|next, first| {
            let same = (next.push, next.attempt, next.index) == (first.push, first.attempt, first.index);
            if same {
                report.duplicate(|kinds| &mut kinds.within_attempt, || self.name(*next), *next);
            }
            same
        });
        self.sightings = sightings;
    }

    /// Records of a message that an earlier attempt left too.
    fn count_duplicates(&self, push: &PushEntry, of_push: &[Sighting], report: &mut Report) {
        let [first, .., last] = of_push else { return };
        if first.attempt == last.attempt {
            return;
        }
        let attempts = self.journal.attempts_of(push);
        let mut seen = vec![false; push.count];
        for sighting in of_push {
            if !std::mem::replace(&mut seen[sighting.index as usize], true) {
                continue;
            }
            let before = &attempts[..sighting.attempt as usize];
            if before.iter().any(|attempt| attempt.verdict() == Verdict::Acknowledged) {
                report.forbidden_duplicate(self.name(*sighting), *sighting);
            } else {
                report.duplicate(|kinds| &mut kinds.after_unknown, || self.name(*sighting), *sighting);
            }
        }
    }

    /// The attempts that can vouch for an acknowledged push; if there is none, says what is missing.
    fn find_vouchers(&self, push: &PushEntry, of_push: &[Sighting], report: &mut Report) -> Vec<u32> {
        let Some(acknowledged) = self.journal.acknowledged_by(push) else { return Vec::new() };
        let attempts = of_push.chunk_by(|one, next| one.attempt == next.attempt);
        let own = attempts.clone().find(|records| records[0].attempt as usize == acknowledged);
        let can_vouch = |records: &&[Sighting]| match own {
            Some(own) => *records == own,
            None => (records[0].attempt as usize) < acknowledged,
        };
        let (whole, partial): (Vec<_>, Vec<_>) =
            attempts.filter(can_vouch).partition(|records| records.len() == push.count);
        if whole.is_empty() {
            self.report_missing(push, of_push, partial.first().copied(), acknowledged, report);
        }
        whole.iter().map(|records| records[0].attempt).collect()
    }

    /// Messages that no attempt left are lost; if there is none, the push is torn.
    fn report_missing(
        &self,
        push: &PushEntry,
        of_push: &[Sighting],
        partial: Option<&[Sighting]>,
        acknowledged: usize,
        report: &mut Report,
    ) {
        let acknowledged = u32::try_from(acknowledged).unwrap_or(u32::MAX);
        let mut lost = false;
        for index in missing(push, of_push) {
            lost = true;
            report.violations.add(Violation::Lost(self.name_of(push, acknowledged, index)));
        }
        if !lost && let Some(index) = missing(push, partial.unwrap_or_default()).next() {
            let attempt = partial.map_or(acknowledged, |records| records[0].attempt);
            report.violations.add(Violation::Torn(self.name_of(push, attempt, index)));
        }
    }

    /// A push is in order if one of its vouchers is.
    fn report_misplaced(&self, vouchers: &[bool], mut misplaced: Vec<Misplaced>, report: &mut Report) {
        misplaced.sort_by_key(|found| (found.at.push, found.at.attempt));
        for of_push in misplaced.chunk_by(|one, next| one.at.push == next.at.push) {
            let push = self.push(of_push[0].at);
            let attempts: Range<usize> = push.first_attempt..push.first_attempt + push.attempts;
            let can_vouch = vouchers[attempts].iter().filter(|can| **can).count();
            let mut of_attempts = of_push.chunk_by(|one, next| one.at.attempt == next.at.attempt);
            if of_attempts.clone().count() < can_vouch {
                continue;
            }
            for Misplaced { order, at, before } in of_attempts.next().unwrap_or_default() {
                report.violations.add(Violation::OutOfOrder {
                    order: *order,
                    message: self.name(*at),
                    place: report.place(*at),
                    before: self.name(*before),
                });
            }
        }
    }
}

/// Indices of the messages that have no record.
fn missing(push: &PushEntry, records: &[Sighting]) -> impl Iterator<Item = usize> + use<> {
    let mut seen = vec![false; push.count];
    for record in records {
        seen[record.index as usize] = true;
    }
    (0..push.count).filter(move |index| !seen[*index])
}
