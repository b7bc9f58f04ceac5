//! A history with every kind of attempt, and how it is tampered with.

use super::*;

/// Eight pushes of three messages for one user, each sent after the last one's answer but for the last two:
///
/// 0. acknowledged at once
/// 1. unknown, having left two of its records; its retry is acknowledged
/// 2. unknown, having left all; its retry is acknowledged and leaves none, as the relay knows the batch
/// 3. refused; its retry is acknowledged
/// 4. unknown, having left one record, and given up
/// 5. refused, and given up
/// 6. and 7. acknowledged, in flight together
pub(super) struct History {
    pub(super) journal: Journal,
    pub(super) users: Arc<Users>,
    pub(super) pushes: Vec<Push>,
    pub(super) log: Vec<Stored>,
}

pub(super) fn history() -> History {
    let (users, pushes) = pushes(1, "WEB=1", "3", 24, 1);
    let attempts: [&[Attempt]; 8] = [
        &[attempt(0, 9, OK)],
        &[attempt(10, 14, UNKNOWN), attempt(15, 19, OK)],
        &[attempt(20, 24, Outcome::TimedOut), attempt(25, 29, OK)],
        &[attempt(30, 34, REFUSED), attempt(35, 39, OK)],
        &[attempt(40, 49, Outcome::Aborted)],
        &[attempt(50, 59, REFUSED)],
        &[attempt(60, 69, OK)],
        &[attempt(60, 69, OK)],
    ];
    let mut journal = journal(&users);
    for (push, attempts) in pushes.iter().zip(attempts) {
        journal.record(push, attempts);
    }
    let mut history = History { journal, users, pushes, log: Vec::new() };
    let left: [(u32, u32, &[usize]); 12] = [
        (0, 0, &[0, 1, 2]),
        (1, 0, &[0, 1]),
        (1, 1, &[0, 1, 2]),
        (2, 0, &[0, 1, 2]),
        (3, 1, &[0, 1, 2]),
        (4, 0, &[1]),
        (7, 0, &[0]),
        (6, 0, &[0]),
        (7, 0, &[1]),
        (6, 0, &[1]),
        (6, 0, &[2]),
        (7, 0, &[2]),
    ];
    for (sequence, attempt, indices) in left {
        let records = history.records(sequence, attempt);
        history.log.extend(indices.iter().map(|index| records[*index].clone()));
    }
    history
}

impl History {
    pub(super) fn records(&self, sequence: u32, attempt: u32) -> Vec<Stored> {
        records(&self.users, &self.pushes[sequence as usize], attempt)
    }
}

/// Where an attempt's record of a message is.
pub(super) fn at(log: &[Stored], sequence: u32, attempt: u32, index: usize) -> usize {
    let header = format!("{};{index}/", RUN.request_id(sequence, attempt));
    log.iter().position(|stored| stored.push.as_ref().is_some_and(|push| push.starts_with(&header))).unwrap()
}

/// Takes a record out and puts it before the one that is at `to` then.
pub(super) fn shift(log: &mut Vec<Stored>, from: usize, to: usize) {
    let stored = log.remove(from);
    log.insert(to, stored);
}
