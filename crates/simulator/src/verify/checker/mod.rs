//! The proof itself: the journals of runs against the records that were read. It does no I/O.
//!
//! A record is matched to its attempt by its `aicc-push` header first and [compared](content) then, so that an altered
//! record is told from one that is lost and one that is foreign. Where it lies is kept, and
//! [judged](ledger) when all are there.

mod content;
mod ledger;
mod order;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use self::content::Expected;
use self::ledger::{Ledger, Sighting};
use super::Verification;
use super::duplicates::Duplicates;
use super::topics::Topics;
use super::violation::{MessageRef, Place, Violation, Violations};
use crate::journal::{Journal, Verdict};

/// Characters of a foreign record's `aicc-push` header that a violation shows.
const LONGEST_HEADER: usize = 100;

/// A record as it was read.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The topic.
    pub topic: &'a str,
    /// The partition.
    pub partition: i32,
    /// The offset.
    pub offset: i64,
    /// The key.
    pub key: Option<&'a [u8]>,
    /// The value.
    pub value: Option<&'a [u8]>,
    /// The `aicc-push` header: `{request id};{index}/{number of messages};{timestamp};{access key}`.
    pub push: Option<&'a [u8]>,
    /// The `ce_id` header.
    pub id: Option<&'a [u8]>,
}

/// Compares records with journals. Records come in any order; their offsets say how they lie.
#[derive(Debug)]
pub struct Checker<'a> {
    ledgers: Vec<Ledger<'a>>,
    topics: &'a Topics,
    /// Number of partitions by topic.
    partitions: &'a HashMap<String, u32>,
    records: u64,
    report: Report,
}

/// What is found, and the names of the places where it is.
#[derive(Debug)]
struct Report {
    /// Every partition that a record was in.
    slots: Vec<(String, i32)>,
    /// Duplicates that are still allowed.
    left: Duplicates,
    duplicates: Duplicates,
    violations: Violations,
}

impl<'a> Checker<'a> {
    /// `journals` are [sorted](Journal::sort), each of another run; `partitions` has the number of partitions of every
    /// topic.
    pub fn new(
        journals: &'a [Journal],
        topics: &'a Topics,
        partitions: &'a HashMap<String, u32>,
        allowed: Duplicates,
    ) -> Self {
        let report = Report {
            slots: Vec::new(),
            left: allowed,
            duplicates: Duplicates::NONE,
            violations: Violations::default(),
        };
        let ledgers = journals.iter().map(Ledger::new).collect();
        Self { ledgers, topics, partitions, records: 0, report }
    }

    /// Takes the next record.
    pub fn record(&mut self, record: &Record<'_>) {
        self.records += 1;
        if let Some(violation) = self.judge(record) {
            self.report.violations.add(violation);
        }
    }

    fn judge(&mut self, record: &Record<'_>) -> Option<Violation> {
        let place =
            || Place { topic: record.topic.to_owned(), partition: record.partition, offset: record.offset };
        let Some((ledger, mut sighting)) = self.find(record.push) else {
            let push =
                record.push.map(|push| String::from_utf8_lossy(push).chars().take(LONGEST_HEADER).collect());
            return Some(Violation::Unknown { place: place(), push });
        };
        let ledger = &mut self.ledgers[ledger];
        if ledger.attempt(sighting).verdict() == Verdict::NothingPublished {
            let message = ledger.name(sighting);
            return Some(Violation::PublishedThoughRefused { message, place: place() });
        }
        (sighting.slot, sighting.offset) = (self.report.slot(record), record.offset);
        ledger.sightings.push(sighting);
        let expected = Expected::new(ledger, sighting, self.topics, self.partitions);
        expected.compare(record, || (ledger.name(sighting), place()))
    }

    /// The message that an `aicc-push` header names, and the ledger that it is in.
    fn find(&self, header: Option<&[u8]>) -> Option<(usize, Sighting)> {
        let mut parts = str::from_utf8(header?).ok()?.split(';');
        let request_id = parts.next()?;
        let (index, count) = parts.next()?.split_once('/')?;
        let (ledger, (push, attempt)) = self
            .ledgers
            .iter()
            .enumerate()
            .find_map(|(number, ledger)| Some((number, ledger.journal.find(request_id)?)))?;
        let all = self.ledgers[ledger].journal.pushes[push].count;
        let index: usize = index.parse().ok().filter(|index| *index < all)?;
        let small = |number: usize| u32::try_from(number).ok();
        let sighting = Sighting {
            push: small(push)?,
            attempt: small(attempt)?,
            index: small(index)?,
            slot: 0,
            offset: 0,
        };
        (count.parse() == Ok(all)).then_some((ledger, sighting))
    }

    /// Looks at what only the whole shows, loss, duplicates and order, and gives all that was found.
    pub fn finish(mut self) -> Verification {
        let mut acknowledged = 0;
        for ledger in self.ledgers {
            acknowledged += ledger.journal.acknowledged();
            ledger.settle(&mut self.report);
        }
        let Report { duplicates, violations, .. } = self.report;
        Verification { acknowledged, records: self.records, duplicates, violations }
    }
}

impl Report {
    fn slot(&mut self, record: &Record<'_>) -> u32 {
        let same = |slot: &(String, i32)| slot.1 == record.partition && slot.0 == record.topic;
        let slot = self.slots.iter().rposition(same).unwrap_or_else(|| {
            self.slots.push((record.topic.to_owned(), record.partition));
            self.slots.len() - 1
        });
        u32::try_from(slot).unwrap_or(u32::MAX)
    }

    fn place(&self, sighting: Sighting) -> Place {
        let (topic, partition) = &self.slots[sighting.slot as usize];
        Place { topic: topic.clone(), partition: *partition, offset: sighting.offset }
    }

    /// Counts a duplicate whose kind is allowed up to a limit.
    fn duplicate(
        &mut self,
        kind: fn(&mut Duplicates) -> &mut u64,
        message: impl FnOnce() -> MessageRef,
        sighting: Sighting,
    ) {
        match kind(&mut self.left) {
            0 => self.forbidden_duplicate(message(), sighting),
            left => {
                *left -= 1;
                *kind(&mut self.duplicates) += 1;
            }
        }
    }

    fn forbidden_duplicate(&mut self, message: MessageRef, sighting: Sighting) {
        let place = self.place(sighting);
        self.violations.add(Violation::Duplicated { message, place });
    }
}
