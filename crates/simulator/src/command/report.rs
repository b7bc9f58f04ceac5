//! What the commands print as JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::summary::Summary;
use crate::verify::{Duplicates, Verification};

/// The JSON form of a run.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    #[serde(flatten)]
    summary: &'a Summary,
    verification: Option<VerificationReport<'a>>,
}

/// The JSON form of a proof.
#[derive(Serialize)]
pub(super) struct VerificationReport<'a> {
    acknowledged_messages: u64,
    records: u64,
    duplicates: Duplicates,
    violations: &'a BTreeMap<&'static str, u64>,
    samples: Vec<String>,
}

impl<'a> Report<'a> {
    pub(super) fn new(summary: &'a Summary, verification: Option<&'a Verification>) -> Self {
        Self { summary, verification: verification.map(VerificationReport::new) }
    }
}

impl<'a> VerificationReport<'a> {
    pub(super) fn new(verification: &'a Verification) -> Self {
        Self {
            acknowledged_messages: verification.acknowledged,
            records: verification.records,
            duplicates: verification.duplicates,
            violations: &verification.violations.counts,
            samples: verification.violations.samples.iter().map(ToString::to_string).collect(),
        }
    }
}
