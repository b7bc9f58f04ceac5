//! Which attempts the sender itself breaks off, and when.

use std::time::Duration;

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};

/// The earliest moment, after the request was begun.
const EARLIEST: Duration = Duration::from_micros(500);
/// The latest moment is this many times later: from the first bytes of the request to well behind a usual answer.
const SPREAD: f64 = 400.0;

/// Decides by a seed: the same attempt of the same push is always treated alike.
#[derive(Debug, Clone, Copy)]
pub(super) struct Disconnects {
    /// Of all attempts, from 0 to 1.
    pub(super) share: f64,
    pub(super) seed: u64,
}

impl Disconnects {
    /// How long after the request was begun the connection is closed, if at all.
    pub(super) fn after(self, sequence: u32, attempt: u32) -> Option<Duration> {
        let attempt = u64::from(sequence) << 32 | u64::from(attempt);
        let mut rng = StdRng::seed_from_u64(self.seed ^ attempt);
        let closes = rng.random::<f64>() < self.share;
        // Evenly on a logarithmic scale: every phase of a request is met, however short it is.
        closes.then(|| EARLIEST.mul_f64(SPREAD.powf(rng.random())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_kept_and_the_seed_decides() {
        let moments = |seed| {
            let disconnects = Disconnects { share: 0.1, seed };
            (0..5_000).flat_map(move |push| [0, 1].map(|attempt| disconnects.after(push, attempt)))
        };
        let some: Vec<Duration> = moments(1).flatten().collect();
        assert!((900..1_100).contains(&some.len()), "{}", some.len());
        assert!(some.iter().all(|after| (EARLIEST..=EARLIEST * 400).contains(after)));
        assert!(moments(1).eq(moments(1)));
        assert!(!moments(1).eq(moments(2)));
        assert_eq!(Disconnects { share: 0.0, seed: 1 }.after(0, 0), None);
    }
}
