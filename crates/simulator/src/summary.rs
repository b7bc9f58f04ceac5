//! What a run comes to, for people and, as JSON, for scripts.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::outcome::Outcome;
use crate::progress::{Grouped, Millis};
use crate::recorder::{Count, Tally};
use crate::verify::{Duplicates, Verification};

/// The figures of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// What the conversations were made from.
    pub seed: u64,
    /// From the start to the last answer.
    pub duration_seconds: f64,
    /// All pushes that were sent.
    pub sent: Count,
    /// Those that were answered with status 200 and code 0.
    pub acknowledged: Count,
    /// Acknowledged messages a second.
    pub messages_per_second: f64,
    /// Bytes of all bodies.
    pub body_bytes: u64,
    /// Time to the answer of acknowledged pushes, from when each was due (open loop) or first sent (closed loop).
    pub latency_microseconds: Latency,
    /// CPU seconds of the simulator itself while it sent.
    pub cpu_seconds: f64,
    /// Pushes by the HTTP status and `resultCode` of their last answer, or by what happened instead of one.
    pub outcomes: BTreeMap<String, Count>,
    /// Attempts that did not succeed and after which the push was sent again, in the same way.
    pub retried: BTreeMap<String, Count>,
}

/// Percentiles, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Latency {
    /// Median.
    pub p50: u64,
    /// 90th percentile.
    pub p90: u64,
    /// 99th percentile.
    pub p99: u64,
    /// 99.9th percentile.
    pub p999: u64,
    /// The longest.
    pub max: u64,
}

impl Summary {
    pub(crate) fn new(seed: u64, tally: &Tally, duration: Duration, cpu: Duration) -> Self {
        let acknowledged = tally.acknowledged();
        let quantile = |quantile| tally.latency.value_at_quantile(quantile);
        // A rate; nobody counts 2^53 messages.
        #[expect(clippy::cast_precision_loss)]
        let messages_per_second = acknowledged.messages as f64 / duration.as_secs_f64().max(1e-9);
        Self {
            seed,
            duration_seconds: duration.as_secs_f64(),
            sent: tally.total(),
            acknowledged,
            messages_per_second,
            body_bytes: tally.bytes,
            latency_microseconds: Latency {
                p50: quantile(0.5),
                p90: quantile(0.9),
                p99: quantile(0.99),
                p999: quantile(0.999),
                max: tally.latency.max(),
            },
            cpu_seconds: cpu.as_secs_f64(),
            outcomes: by_label(&tally.outcomes),
            retried: by_label(&tally.retried),
        }
    }

    /// Whether anything was sent, and all of it acknowledged.
    pub fn all_acknowledged(&self) -> bool {
        self.sent.pushes > 0 && self.sent == self.acknowledged
    }
}

fn by_label(counts: &HashMap<Outcome, Count>) -> BTreeMap<String, Count> {
    counts.iter().map(|(outcome, count)| (outcome.label().into_owned(), *count)).collect()
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Latency { p50, p90, p99, p999, max } = self.latency_microseconds;
        let [p50, p90, p99, p999, max] = [p50, p90, p99, p999, max].map(Millis);
        writeln!(f, "seed          {}", self.seed)?;
        writeln!(f, "sent          {} in {:.2} s", self.sent, self.duration_seconds)?;
        writeln!(f, "acknowledged  {}, {:.0} messages/s", self.acknowledged, self.messages_per_second)?;
        for (label, count) in &self.outcomes {
            writeln!(f, "  {label}: {count}")?;
        }
        for (label, count) in &self.retried {
            writeln!(f, "  sent again after {label}: {count}")?;
        }
        writeln!(f, "latency       p50 {p50}, p90 {p90}, p99 {p99}, p99.9 {p999}, max {max}")?;
        write!(
            f,
            "bodies        {} bytes; simulator's CPU {:.2} s",
            Grouped(self.body_bytes),
            self.cpu_seconds
        )
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} messages in {} pushes", Grouped(self.messages), Grouped(self.pushes))
    }
}

impl fmt::Display for Duplicates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} duplicates after attempts of unknown outcome", Grouped(self.after_unknown))?;
        write!(f, " and {} within an attempt", Grouped(self.within_attempt))
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "verified      {} acknowledged messages against ", Grouped(self.acknowledged))?;
        write!(f, "{} records: ", Grouped(self.records))?;
        if self.violations.is_empty() {
            return match self.duplicates {
                Duplicates::NONE => write!(f, "each is there once, byte for byte, in order"),
                duplicates => write!(f, "each is there, byte for byte, in order, with {duplicates}"),
            };
        }
        write!(f, "NOT as promised")?;
        for (kind, count) in &self.violations.counts {
            write!(f, "\n  {kind}: {}", Grouped(*count))?;
        }
        for violation in &self.violations.samples {
            write!(f, "\n  - {violation}")?;
        }
        Ok(())
    }
}
