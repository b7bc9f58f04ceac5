//! What every request shares.

use std::sync::Arc;
use std::time::Duration;

use aicc_auth::{KeySet, Rules};

use crate::config::{Config, Limits};
use crate::dedup::Window;
use crate::inflight::Gate;
use crate::kafka::Publisher;
use crate::lifecycle::Lifecycle;
use crate::metrics::Metrics;

/// The service's state: who may push, what fits, and the way to Kafka.
pub(crate) struct Gateway {
    pub(crate) keys: KeySet,
    pub(crate) rules: Rules,
    pub(crate) max_clock_skew: Duration,
    pub(crate) limits: Limits,
    pub(crate) body_timeout: Duration,
    pub(crate) publish_timeout: Duration,
    pub(crate) inflight_messages: Arc<Gate>,
    pub(crate) inflight_bytes: Arc<Gate>,
    /// None: dedup is off.
    pub(crate) dedup: Option<Window>,
    pub(crate) publisher: Publisher,
    /// Whether readiness waits for durable topics.
    pub(crate) require_durable: bool,
    pub(crate) lifecycle: Arc<Lifecycle>,
    pub(crate) metrics: Arc<Metrics>,
}

impl Gateway {
    /// Builds the state and starts the producer; Kafka need not be there yet.
    pub(crate) fn new(config: &Config) -> anyhow::Result<Self> {
        let dedup = config.dedup;
        let metrics = Arc::new(Metrics::new()?);
        Ok(Self {
            keys: config.auth.key_set()?,
            rules: config.auth.rules.clone(),
            max_clock_skew: config.auth.max_clock_skew,
            limits: config.limits,
            body_timeout: config.body_timeout(),
            publish_timeout: config.kafka.publish_timeout,
            inflight_messages: Gate::new(config.limits.inflight_messages),
            inflight_bytes: Gate::new(config.limits.inflight_bytes),
            dedup: (!dedup.window.is_zero()).then(|| Window::new(dedup.window, dedup.capacity)),
            publisher: Publisher::start(config, metrics.clone())?,
            require_durable: config.topics.require_durable,
            lifecycle: Arc::default(),
            metrics,
        })
    }
}
