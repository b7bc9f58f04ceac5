//! What may be in flight at the same time. Whatever does not fit is refused at once, so that overload stays short.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A bounded amount of something: messages, or bytes.
#[derive(Debug)]
pub(crate) struct Gate {
    used: AtomicUsize,
    limit: AtomicUsize,
}

/// A part of a gate's amount, given back when dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    gate: Arc<Gate>,
    amount: usize,
}

impl Gate {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { used: AtomicUsize::new(0), limit: AtomicUsize::new(limit) })
    }

    /// Sets another limit. What is taken already stays taken.
    pub(crate) fn set_limit(&self, limit: usize) {
        self.limit.store(limit, Ordering::Relaxed);
    }

    /// What is taken now.
    pub(crate) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Takes `amount`, or nothing if it does not fit.
    pub(crate) fn take(self: &Arc<Self>, amount: usize) -> Option<Permit> {
        let mut permit = Permit { gate: self.clone(), amount: 0 };
        permit.grow(amount).then_some(permit)
    }
}

impl Permit {
    /// What it holds.
    pub(crate) fn amount(&self) -> usize {
        self.amount
    }

    /// Takes `amount` more, or nothing if it does not fit.
    pub(crate) fn grow(&mut self, amount: usize) -> bool {
        let limit = self.gate.limit.load(Ordering::Relaxed);
        let fits = |used: usize| used.checked_add(amount).filter(|&sum| sum <= limit);
        let taken = self.gate.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok();
        if taken {
            self.amount += amount;
        }
        taken
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.gate.used.fetch_sub(self.amount, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_never_lends_more_than_it_has_and_gets_everything_back() {
        let gate = Gate::new(10);
        let mut first = gate.take(6).unwrap();
        assert!(gate.take(5).is_none());
        assert!(first.grow(4));
        assert!(!first.grow(1));
        assert!(!first.grow(usize::MAX));
        assert_eq!(gate.used(), 10);
        drop(first);
        assert_eq!(gate.used(), 0);
        assert!(gate.take(10).is_some());
    }
}
