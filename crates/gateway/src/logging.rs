//! Log lines on standard output, as JSON or for people.

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Sets the process's logger. Fails where one is set already.
pub fn init(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::builder().parse(&log.level)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter);
    match log.format {
        LogFormat::Json => {
            builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
        }
        LogFormat::Text => builder.try_init(),
    }
    .map_err(|error| anyhow::anyhow!("the logger cannot be set: {error}"))
}
