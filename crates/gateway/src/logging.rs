//! Log lines on standard output, as JSON or for people.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Sets the process's logger. Fails where one is set already.
pub fn init(log: &Log) -> anyhow::Result<()> {
    // What the HTTP server says of its threads is of use to nobody who does not ask for it by name.
    let filter = EnvFilter::builder().parse(format!("actix_server=warn,{}", log.level))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter);
    match log.format {
        LogFormat::Json => {
            builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
        }
        LogFormat::Text => builder.with_ansi(std::io::stdout().is_terminal()).try_init(),
    }
    .map_err(|error| anyhow::anyhow!("the logger cannot be set: {error}"))
}
