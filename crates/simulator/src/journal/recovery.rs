//! How fast pushes succeeded again after a fault.

use std::ops::Range;
use std::time::Duration;

use super::{Entry, Verdict};
use crate::outcome::Outcome;

/// What pushes say about a window of time, usually from the end of a fault to the start of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovery {
    /// From the start of the window to its first answer `0`, whenever the push was sent.
    pub first_acknowledged: Option<Duration>,
    /// The longest part of the window, its ends included, without an answer `0`.
    pub longest_gap: Duration,
    /// From the start of the window to when the last attempt was sent that did not succeed; those sent before the
    /// window, and those that the sender aborted itself, do not count. Shows a fault that only some pushes meet.
    pub last_failed: Option<Duration>,
}

impl Recovery {
    /// Looks at all attempts of `pushes`; `window` is counted from the start of the run.
    pub fn of<'a>(pushes: impl IntoIterator<Item = Entry<'a>>, window: Range<Duration>) -> Self {
        let mut acknowledged = Vec::new();
        let mut last_failed = None;
        for attempt in pushes.into_iter().flat_map(|push| push.attempts()) {
            if attempt.verdict() == Verdict::Acknowledged {
                acknowledged.push(attempt.answered);
            } else if window.contains(&attempt.sent) && attempt.outcome != Outcome::Aborted {
                last_failed = last_failed.max(Some(attempt.sent.saturating_sub(window.start)));
            }
        }
        acknowledged.retain(|answered| window.contains(answered));
        acknowledged.sort_unstable();
        let first_acknowledged = acknowledged.first().map(|first| first.saturating_sub(window.start));
        acknowledged.push(window.end.max(window.start));
        let mut last = window.start;
        let gaps = acknowledged
            .iter()
            .map(|answered| answered.saturating_sub(std::mem::replace(&mut last, *answered)));
        Self { first_acknowledged, longest_gap: gaps.max().unwrap_or_default(), last_failed }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use aicc_schema::ResultCode;
    use rand::{SeedableRng as _, rngs::StdRng};

    use super::super::{Attempt, Journal, Offsets, RunId};
    use super::*;
    use crate::conversation::Users;

    const OK: Outcome = Outcome::Answered(200, Some(ResultCode::Success));
    const UNKNOWN: Outcome = Outcome::Answered(504, Some(ResultCode::OutcomeUnknown));

    /// A push of one attempt each: sent, answered in milliseconds, and the outcome.
    fn recovery(attempts: &[(u64, u64, Outcome)], window: Range<u64>) -> Recovery {
        let users = Users::new(1, &"WEB=1".parse().unwrap(), &mut StdRng::seed_from_u64(1));
        let mut journal = Journal::new(RunId::new(1), Arc::new(users), Offsets::new());
        for (sequence, &(sent, answered, outcome)) in (0..).zip(attempts) {
            let attempt = Attempt { sent: millis(sent), answered: millis(answered), outcome };
            journal.add(sequence, std::iter::empty(), [attempt].into_iter());
        }
        Recovery::of(journal.pushes(), millis(window.start)..millis(window.end))
    }

    const fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn the_first_success_the_longest_gap_and_the_last_failure_are_those_inside_the_window() {
        let attempts = [
            (0, 90, OK),
            (40, 130, UNKNOWN),
            (95, 140, OK),
            (105, 150, UNKNOWN),
            (120, 125, Outcome::Aborted),
            (140, 190, OK),
            (190, 210, OK),
            (201, 220, UNKNOWN),
        ];
        let expected = Recovery {
            first_acknowledged: Some(millis(40)),
            longest_gap: millis(50),
            last_failed: Some(millis(5)),
        };
        assert_eq!(recovery(&attempts, 100..200), expected);
    }

    #[test]
    fn a_window_without_a_success_is_one_gap() {
        let expected =
            Recovery { first_acknowledged: None, longest_gap: millis(100), last_failed: Some(millis(10)) };
        assert_eq!(recovery(&[(0, 90, OK), (110, 120, UNKNOWN)], 100..200), expected);
        assert_eq!(recovery(&[], 100..200), Recovery { last_failed: None, ..expected });
    }
}
