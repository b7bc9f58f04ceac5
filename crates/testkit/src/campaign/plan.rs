//! What happens in one run, drawn from a seed: the same seed and kinds give the same plan.

use std::fmt;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

use super::kind::{Kind, Realm};

/// Brokers in the cluster.
pub(super) const BROKERS: usize = 3;

/// Faults with their times, under load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What the plan and the load are drawn from.
    pub seed: u64,
    /// One fault, or two that overlap.
    pub faults: Vec<Fault>,
}

/// One fault of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What happens.
    pub kind: Kind,
    /// To which broker, where it happens to one.
    pub broker: usize,
    /// From the start of the load.
    pub start: Duration,
    /// How long; for faults that consist of steps, until the last step begins.
    pub duration: Duration,
    /// Decides whatever else there is to decide.
    pub variant: u64,
}

impl Plan {
    /// One fault of each of `kinds`.
    pub fn draw(seed: u64, kinds: &[Kind]) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let faults = kinds.iter().map(|&kind| Fault::draw(kind, &mut rng)).collect();
        Self { seed, faults }
    }

    /// Whether one of its faults is of that kind.
    pub fn has(&self, kind: Kind) -> bool {
        self.faults.iter().any(|fault| fault.kind == kind)
    }

    /// Its kinds, as the command line takes them.
    pub fn kinds(&self) -> String {
        self.faults.iter().map(|fault| fault.kind.name()).collect::<Vec<_>>().join("+")
    }
}

impl Fault {
    fn draw(kind: Kind, rng: &mut StdRng) -> Self {
        let (least, most) = kind.duration();
        let between = |rng: &mut StdRng, from: Duration, to: Duration| {
            let from = u64::try_from(from.as_millis()).unwrap_or_default();
            let to = u64::try_from(to.as_millis()).unwrap_or_default();
            Duration::from_millis(rng.random_range(from..=to))
        };
        Self {
            kind,
            broker: rng.random_range(0..BROKERS),
            start: between(rng, Duration::from_secs(1), Duration::from_secs(4)),
            duration: between(rng, least, most),
            variant: rng.random(),
        }
    }
}

/// A second kind for `first` out of `kinds`: one that harms something else.
pub(super) fn partner(first: Kind, kinds: &[Kind], rng: &mut StdRng) -> Option<Kind> {
    let brokers = |realm| matches!(realm, Realm::Brokers | Realm::BrokersNetwork);
    let fits = |second: &Kind| {
        let (one, other) = (first.realm(), second.realm());
        one != other && !(brokers(one) && brokers(other))
    };
    let fitting: Vec<Kind> = kinds.iter().copied().filter(fits).collect();
    fitting.choose(rng).copied()
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}:", self.seed)?;
        for (number, Fault { kind, broker, start, duration, .. }) in self.faults.iter().enumerate() {
            let separator = if number == 0 { "" } else { "," };
            write!(f, "{separator} {kind}")?;
            if kind.has_target() {
                write!(f, " (broker {broker})")?;
            }
            write!(f, " at {:.1} s for {:.1} s", start.as_secs_f64(), duration.as_secs_f64())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_plan_and_another_seed_another_one() {
        let kinds = [Kind::BrokerKill, Kind::Resets];
        let plan = Plan::draw(7, &kinds);
        assert_eq!(plan, Plan::draw(7, &kinds));
        assert_ne!(plan.faults, Plan::draw(8, &kinds).faults);
        assert_eq!(plan.kinds(), "broker-kill+resets");
    }

    #[test]
    fn two_faults_of_a_plan_never_harm_the_same_thing() {
        let mut rng = StdRng::seed_from_u64(1);
        for first in Kind::ALL {
            for _ in 0..100 {
                let second = partner(first, &Kind::ALL, &mut rng).unwrap();
                assert_ne!(first.realm(), second.realm(), "{first} and {second}");
            }
        }
        assert_eq!(partner(Kind::BrokerKill, &[Kind::FullDisk, Kind::CutBetweenBrokers], &mut rng), None);
    }
}
