//! What came of plans, for people: a line each, and a table of all in Markdown.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use aicc_simulator::summary::Summary;
use aicc_simulator::verify::Verification;

use super::plan::Plan;

/// The simulator's name for an acknowledged push.
const ACKNOWLEDGED: &str = "200/0";

/// What came of one plan.
#[derive(Debug)]
pub struct Report {
    /// The plan.
    pub plan: Plan,
    /// Pushes that were sent.
    pub pushes: u64,
    /// Pushes that were acknowledged.
    pub acknowledged_pushes: u64,
    /// Messages of those.
    pub acknowledged_messages: u64,
    /// Pushes that were not acknowledged in the end, by their last outcome.
    pub failed: BTreeMap<String, u64>,
    /// Attempts that were not acknowledged and repeated, by their outcome.
    pub retried: BTreeMap<String, u64>,
    /// Violations by kind.
    pub violations: BTreeMap<&'static str, u64>,
    /// Duplicates that may be.
    pub allowed_duplicates: u64,
    /// What went wrong, violations among it. Nothing, if the plan passed.
    pub problems: Vec<String>,
    /// From the last fault's end to the next acknowledged push.
    pub recovery: Option<Duration>,
    /// From the last fault's end to the start of the last attempt that failed nevertheless.
    pub last_failed: Option<Duration>,
    /// The longest time without an acknowledged push.
    pub longest_gap: Duration,
    /// Where the logs of a plan that failed are kept.
    pub evidence: Option<PathBuf>,
}

impl Report {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            plan: plan.clone(),
            pushes: 0,
            acknowledged_pushes: 0,
            acknowledged_messages: 0,
            failed: BTreeMap::new(),
            retried: BTreeMap::new(),
            violations: BTreeMap::new(),
            allowed_duplicates: 0,
            problems: Vec::new(),
            recovery: None,
            last_failed: None,
            longest_gap: Duration::ZERO,
            evidence: None,
        }
    }

    /// Whether everything was as promised.
    pub fn passed(&self) -> bool {
        self.problems.is_empty()
    }

    /// Takes over the senders' figures.
    pub(super) fn add(&mut self, summary: &Summary) {
        self.pushes += summary.sent.pushes;
        self.acknowledged_pushes += summary.acknowledged.pushes;
        self.acknowledged_messages += summary.acknowledged.messages;
        let failed = summary.outcomes.iter().filter(|(outcome, _)| *outcome != ACKNOWLEDGED);
        for (outcome, count) in failed {
            *self.failed.entry(outcome.clone()).or_default() += count.pushes;
        }
        for (outcome, count) in &summary.retried {
            *self.retried.entry(outcome.clone()).or_default() += count.pushes;
        }
    }

    /// Takes over what the checker found.
    pub(super) fn judge(&mut self, verification: &Verification) {
        self.violations.clone_from(&verification.violations.counts);
        self.allowed_duplicates =
            verification.duplicates.after_unknown + verification.duplicates.within_attempt;
        let counts = self.violations.iter().map(|(kind, count)| format!("{kind}: {count}"));
        self.problems.extend(counts);
        self.problems.extend(verification.violations.samples.iter().map(ToString::to_string));
    }

    fn violated(&self, kinds: &[&str]) -> u64 {
        let counted = self.violations.iter().filter(|(kind, _)| kinds.iter().any(|part| kind.contains(part)));
        counted.map(|(_, count)| count).sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} of {} pushes acknowledged, {} messages; recovery {}, last failure {}, longest gap {:.1} s",
            if self.passed() { "passed" } else { "FAILED" },
            self.acknowledged_pushes,
            self.pushes,
            self.acknowledged_messages,
            Seconds(self.recovery),
            Seconds(self.last_failed),
            self.longest_gap.as_secs_f64(),
        )?;
        for (name, counts) in [("failed", &self.failed), ("retried", &self.retried)] {
            if !counts.is_empty() {
                write!(f, "; {name}: {}", list(counts))?;
            }
        }
        if self.allowed_duplicates > 0 {
            write!(f, "; allowed duplicates: {}", self.allowed_duplicates)?;
        }
        for problem in &self.problems {
            write!(f, "\n    - {problem}")?;
        }
        if let Some(evidence) = &self.evidence {
            write!(f, "\n    logs: {}", evidence.display())?;
        }
        if !self.passed() {
            let (seed, kinds) = (self.plan.seed, self.plan.kinds());
            write!(f, "\n    again: scripts/faults --plan {kinds} --seed {seed}")?;
        }
        Ok(())
    }
}

struct Seconds(Option<Duration>);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(duration) => write!(f, "{:.1} s", duration.as_secs_f64()),
            None => f.write_str("none"),
        }
    }
}

fn list(counts: &BTreeMap<String, u64>) -> String {
    counts.iter().map(|(name, count)| format!("{name}: {count}")).collect::<Vec<_>>().join(", ")
}

/// A table of all plans in Markdown, with a line for the sum.
pub fn table(reports: &[Report]) -> String {
    let mut text = String::from(
        "| seed | faults | pushes | acknowledged | messages | lost | out of order | duplicates: forbidden | allowed | \
         other | failed in the end | retried | recovery | last failure | longest gap | |\n\
         |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---|---|---:|---:|---:|---|\n",
    );
    for report in reports {
        let lost = report.violated(&["lost", "torn"]);
        let order = report.violated(&["order"]);
        let duplicates = report.violated(&["duplicate"]);
        let other = report.violated(&[""]) - lost - order - duplicates;
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {lost} | {order} | {duplicates} | {} | {other} | {} | {} | {} | {} | {:.1} s | {} |",
            report.plan.seed,
            report.plan.kinds(),
            report.pushes,
            report.acknowledged_pushes,
            report.acknowledged_messages,
            report.allowed_duplicates,
            list(&report.failed),
            list(&report.retried),
            Seconds(report.recovery),
            Seconds(report.last_failed),
            report.longest_gap.as_secs_f64(),
            if report.passed() { "passed" } else { "**failed**" },
        );
    }
    let sum = |figure: fn(&Report) -> u64| reports.iter().map(figure).sum::<u64>();
    let _ = writeln!(
        text,
        "\n{} plans, {} of them failed; {} messages acknowledged in {} pushes.",
        reports.len(),
        reports.iter().filter(|report| !report.passed()).count(),
        sum(|report| report.acknowledged_messages),
        sum(|report| report.acknowledged_pushes),
    );
    text
}

#[cfg(test)]
mod tests {
    use super::super::kind::Kind;
    use super::*;

    #[test]
    fn a_failed_plan_is_told_with_what_failed_and_how_to_repeat_it() {
        let mut report = Report::new(&Plan::draw(7, &[Kind::BrokerKill, Kind::Resets]));
        assert!(report.passed());
        assert!(table(std::slice::from_ref(&report)).contains("1 plans, 0 of them failed"));
        assert!(!report.to_string().contains("--seed"));

        report.violations =
            [("lost", 2), ("torn", 1), ("out of order across pushes", 4), ("altered", 8)].into();
        report.problems.push("lost: push sim-1-2-0 message 3".to_owned());
        assert!(!report.passed());
        let text = report.to_string();
        assert!(text.starts_with("FAILED") && text.contains("lost: push sim-1-2-0 message 3"), "{text}");
        assert!(text.ends_with("again: scripts/faults --plan broker-kill+resets --seed 7"), "{text}");
        let table = table(&[report]);
        assert!(table.contains("| 3 | 4 | 0 | 0 | 8 |") && table.contains("1 of them failed"), "{table}");
    }
}
