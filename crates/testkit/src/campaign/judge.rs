//! What the simulator's checker says of a plan, and how fast pushes succeeded again.

use std::time::{Duration, SystemTime};

use aicc_simulator::journal::{Journal, Recovery};
use aicc_simulator::verify::{self, Duplicates, Mark, ReadError, Verification};

use super::kind::Kind;
use super::plan::Plan;
use crate::kafka::{Kafka, Topics};

/// When what happened.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// All faults were over.
    pub(super) healed: SystemTime,
    /// The last push was begun.
    pub(super) stopped: SystemTime,
}

/// The proof that the topics hold what was acknowledged. All replicas are in sync.
pub(super) fn verification(
    plan: &Plan,
    journal: &Journal,
    kafka: &Kafka,
    topics: &Topics,
) -> Result<Verification, ReadError> {
    let kafka =
        verify::Kafka { bootstrap_servers: kafka.bootstrap_servers().to_owned(), properties: Vec::new() };
    let Topics { web, whatsapp, other, dead_letter, .. } = topics;
    let topics = verify::Topics {
        channels: vec![("WEB".into(), web.clone()), ("WHATSAPP".into(), whatsapp.clone())],
        // What was acknowledged in a topic goes with it. (Nothing may lie among the dead letters in either case.)
        default: if plan.has(Kind::TopicDeleted) { dead_letter.clone() } else { other.clone() },
        dead_letter: dead_letter.clone(),
    };
    let allowed = if plan.faults.iter().any(|fault| may_repeat(fault.kind)) {
        Duplicates::AS_PROMISED
    } else {
        Duplicates::NONE
    };
    // New topics: everything in them is of this plan.
    let mark = Mark::resume(&kafka, &topics, [])?;
    verify::verify(std::slice::from_ref(journal), &topics, &mark, allowed)
}

/// Whether the retry of a push of unknown outcome may publish messages again that the first attempt left.
fn may_repeat(kind: Kind) -> bool {
    // The process that knew the first attempt is gone.
    matches!(kind, Kind::GatewayTerm | Kind::GatewayKill)
        // Kafka refused a part of the batch for good, and took the rest.
        || matches!(kind, Kind::AclTakenAway | Kind::RecordTooLarge | Kind::TopicDeleted)
}

/// From the end of the faults to the end of the load.
pub(super) fn recovery(journal: &Journal, times: Times) -> Recovery {
    let window = journal.since_start(times.healed)..journal.since_start(times.stopped);
    Recovery::of(journal.pushes(), window)
}

/// The longest time without an answer `0` while there was load.
pub(super) fn longest_gap(journal: &Journal, times: Times) -> Duration {
    let window = Duration::ZERO..journal.since_start(times.stopped);
    Recovery::of(journal.pushes(), window).longest_gap
}
