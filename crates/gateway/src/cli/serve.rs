//! `aicc-gateway serve`: the service.

use std::future::Future;
use std::path::PathBuf;

use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::runtime;
use crate::config::Config;
use crate::{Service, logging};

/// Run the service.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  aicc-gateway serve --config /etc/aicc/config.toml
  AICC_KAFKA__BOOTSTRAP_SERVERS=kafka:9092 aicc-gateway serve --config config.toml

Every setting has a default but the credentials. SIGTERM ends it without failing a push.")]
pub(super) struct Serve {
    /// The configuration file (TOML); `AICC_CONFIG` if absent.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let config = Config::load(self.config)?;
        logging::init(&config.log)?;
        runtime()?.block_on(async {
            let shutdown = shutdown()?;
            Service::start(&config)?.run(shutdown).await
        })
    }
}

/// Ready at the first SIGTERM or SIGINT. SIGHUP, which would end the process by default, changes nothing.
pub(super) fn shutdown() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    Ok(async move {
        let ended = async {
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
        };
        tokio::select! { () = ended => {}, () = ignore(&mut hangup) => {} }
    })
}

async fn ignore(hangup: &mut Signal) {
    while hangup.recv().await.is_some() {
        tracing::warn!("SIGHUP: reloading is not yet supported by this version; restart instead");
    }
    std::future::pending().await
}
