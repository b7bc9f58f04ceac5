//! Names a run, and through it every attempt: a record's `aicc-push` header leads back to the request that left it.

/// Names a run; the request id of every attempt is made from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunId(u64);

impl RunId {
    /// Makes a run id from a number that no other run should have.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number that it is made from.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The `X-Request-Id` of an attempt to send a push of this run; attempt 0 is the first.
    pub fn request_id(self, sequence: u32, attempt: u32) -> String {
        match attempt {
            0 => format!("sim-{:016x}-{sequence}", self.0),
            _ => format!("sim-{:016x}-{sequence}-{attempt}", self.0),
        }
    }

    /// The push and the attempt that a request id names, if it is one of this run, to the letter.
    pub fn attempt_of(self, request_id: &str) -> Option<(u32, u32)> {
        let (_, numbers) = request_id.strip_prefix("sim-")?.split_once('-')?;
        let (sequence, attempt) = numbers.split_once('-').unwrap_or((numbers, "0"));
        let (sequence, attempt) = (sequence.parse().ok()?, attempt.parse().ok()?);
        (self.request_id(sequence, attempt) == request_id).then_some((sequence, attempt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_leads_back_to_its_attempt_and_only_in_its_own_run() {
        let run = RunId::new(0xfeed);
        for (id, attempt) in [("sim-000000000000feed-42", (42, 0)), ("sim-000000000000feed-42-3", (42, 3))] {
            assert_eq!(run.request_id(attempt.0, attempt.1), id);
            assert_eq!(run.attempt_of(id), Some(attempt));
        }
        for foreign in [
            "x",
            "sim-feed-42",
            "sim-000000000000beef-42",
            "sim-000000000000FEED-42",
            "sim-000000000000feed",
            "sim-000000000000feed-x",
            "sim-000000000000feed-042",
            "sim-000000000000feed-+42",
            "sim-000000000000feed-42-0",
            "sim-000000000000feed-42-",
            "sim-000000000000feed-42-1-1",
        ] {
            assert_eq!(run.attempt_of(foreign), None, "{foreign}");
        }
    }
}
