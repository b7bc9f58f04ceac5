//! What waits for each broker, so that one that cannot be reached does not hold up the pushes that need others.
//!
//! Each leader has a lane. With several brokers a lane gets half of what may be in flight: records that pile up on a
//! dead one leave the other half to the rest. A lane in which records wait and from which nothing was heard for a
//! whole `kafka.publish_timeout` is known to be stuck until something is heard, or nothing waits there any more.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::clock::Clock;
use crate::config::Limits;
use crate::inflight::{Gate, Permit};

/// A broker's node id; -1 where a partition has no leader.
pub(super) type BrokerId = i32;

/// The lanes of every broker that led a partition so far.
pub(super) struct Lanes {
    limits: Limits,
    patience: Duration,
    clock: Clock,
    by_broker: RwLock<HashMap<BrokerId, Arc<Lane>>>,
    /// Whether a batch was refused for a stuck lane since something was last heard.
    refused: AtomicBool,
}

struct Lane {
    messages: Arc<Gate>,
    bytes: Arc<Gate>,
    /// When something was last heard, or else when the first that waits began to; by the clock.
    last_word: AtomicU64,
}

/// The room that a batch takes in a lane.
pub(crate) type LanePermit = (Permit, Permit);

/// Why a lane takes no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LaneClosed {
    /// Its share of what may be in flight is taken.
    Full,
    /// Nothing was heard from its broker for too long.
    Stuck,
}

impl Lanes {
    pub(super) fn new(limits: &Limits, patience: Duration) -> Self {
        Self {
            limits: *limits,
            patience,
            clock: Clock::start(),
            by_broker: RwLock::default(),
            refused: AtomicBool::new(false),
        }
    }

    /// Takes room for a batch with `messages` for this broker, in a body of `bytes`.
    pub(super) fn take(
        &self,
        broker: BrokerId,
        messages: usize,
        bytes: usize,
    ) -> Result<LanePermit, LaneClosed> {
        let lane = self.lane(broker);
        if lane.messages.used() == 0 {
            lane.last_word.store(self.clock.now(), Ordering::Relaxed);
        } else if self.clock.since(lane.last_word.load(Ordering::Relaxed)) >= self.patience {
            self.refused.store(true, Ordering::Relaxed);
            return Err(LaneClosed::Stuck);
        }
        lane.messages.take(messages).zip(lane.bytes.take(bytes)).ok_or(LaneClosed::Full)
    }

    /// Whether a word from a broker is waited for: then it should not wait for the next statistics.
    pub(super) fn waiting(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    /// A broker answered something.
    pub(super) fn heard(&self, broker: BrokerId) {
        self.refused.store(false, Ordering::Relaxed);
        if let Some(lane) = self.by_broker.read().unwrap_or_else(PoisonError::into_inner).get(&broker) {
            lane.last_word.store(self.clock.now(), Ordering::Relaxed);
        }
    }

    fn lane(&self, broker: BrokerId) -> Arc<Lane> {
        if let Some(lane) = self.by_broker.read().unwrap_or_else(PoisonError::into_inner).get(&broker) {
            return lane.clone();
        }
        let mut lanes = self.by_broker.write().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(broker).or_insert_with(|| {
            Arc::new(Lane {
                messages: Gate::new(self.limits.inflight_messages),
                bytes: Gate::new(self.limits.inflight_bytes),
                last_word: AtomicU64::new(0),
            })
        });
        let lane = lane.clone();
        if lanes.len() > 1 {
            // Never less than one legal push.
            let messages = (self.limits.inflight_messages / 2).max(self.limits.batch_messages);
            let bytes = (self.limits.inflight_bytes / 2).max(self.limits.body_bytes);
            for lane in lanes.values() {
                lane.messages.set_limit(messages);
                lane.bytes.set_limit(bytes);
            }
        }
        lane
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        body_bytes: 10,
        message_bytes: 10,
        batch_messages: 4,
        inflight_messages: 10,
        inflight_bytes: 100,
    };

    #[test]
    fn one_broker_may_take_everything_and_of_several_none_more_than_half() {
        let lanes = Lanes::new(&LIMITS, Duration::from_hours(1));
        let all = lanes.take(1, 10, 10).unwrap();
        drop(all);
        let _half = lanes.take(1, 5, 10).unwrap();
        let _other = lanes.take(2, 5, 10).unwrap();
        assert_eq!(lanes.take(1, 1, 1).err(), Some(LaneClosed::Full));
        assert_eq!(lanes.take(2, 1, 1).err(), Some(LaneClosed::Full));
        assert!(lanes.take(3, 5, 50).is_ok());
        assert_eq!(lanes.take(3, 1, 51).err(), Some(LaneClosed::Full));
    }

    #[test]
    fn a_lane_is_stuck_only_while_something_waits_and_nothing_is_heard() {
        let lanes = Lanes::new(&LIMITS, Duration::ZERO);
        let waiting = lanes.take(1, 1, 1).expect("nothing waits yet");
        assert_eq!(lanes.take(1, 1, 1).err(), Some(LaneClosed::Stuck));
        assert!(lanes.take(2, 1, 1).is_ok(), "another broker");
        drop(waiting);
        assert!(lanes.take(1, 1, 1).is_ok(), "nothing waits any more");

        let lanes = Lanes::new(&LIMITS, Duration::from_hours(1));
        let _waiting = lanes.take(1, 1, 1).unwrap();
        lanes.heard(1);
        assert!(lanes.take(1, 1, 1).is_ok());
    }
}
