//! Makes metrics and registers them: the name gets the service's prefix, and the help text stands beside it.

use prometheus::core::Collector;
use prometheus::{
    Error, Gauge, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
};

/// Where every metric is registered.
pub(super) struct Registrar(pub(super) Registry);

impl Registrar {
    pub(super) fn counter(&self, name: &str, help: &str) -> Result<IntCounter, Error> {
        self.register(IntCounter::with_opts(opts(name, help)))
    }

    pub(super) fn counters(&self, name: &str, labels: &[&str], help: &str) -> Result<IntCounterVec, Error> {
        self.register(IntCounterVec::new(opts(name, help), labels))
    }

    pub(super) fn gauge(&self, name: &str, help: &str) -> Result<IntGauge, Error> {
        self.register(IntGauge::with_opts(opts(name, help)))
    }

    pub(super) fn gauges(&self, name: &str, label: &str, help: &str) -> Result<IntGaugeVec, Error> {
        self.register(IntGaugeVec::new(opts(name, help), &[label]))
    }

    pub(super) fn seconds_gauge(&self, name: &str, help: &str) -> Result<Gauge, Error> {
        self.register(Gauge::with_opts(opts(name, help)))
    }

    pub(super) fn histogram(&self, name: &str, buckets: &[f64], help: &str) -> Result<Histogram, Error> {
        let opts = HistogramOpts { common_opts: opts(name, help), buckets: buckets.to_vec() };
        self.register(Histogram::with_opts(opts))
    }

    /// A gauge that is always 1 and says something by its label.
    pub(super) fn info(&self, name: &str, label: (&str, &str), help: &str) -> Result<(), Error> {
        self.register(IntGauge::with_opts(opts(name, help).const_label(label.0, label.1)))?.set(1);
        Ok(())
    }

    fn register<M: Collector + Clone + 'static>(&self, metric: Result<M, Error>) -> Result<M, Error> {
        let metric = metric?;
        self.0.register(Box::new(metric.clone()))?;
        Ok(metric)
    }
}

fn opts(name: &str, help: &str) -> Opts {
    Opts::new(name, help).namespace("aicc_gateway")
}
