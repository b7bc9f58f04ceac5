//! The service from its first listener to its last record: what `serve`, `dev` and the tests start.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use anyhow::{Context, ensure};
use tokio::time::Instant;

use crate::config::Config;
use crate::gateway::Gateway;
use crate::http;

/// How long the listeners may take to close once nothing is served any more.
const STOP_TIMEOUT: Duration = Duration::from_secs(1);

/// A service whose listeners are bound.
pub struct Service {
    gateway: Arc<Gateway>,
    public: Server,
    admin: Server,
    addresses: Addresses,
    shutdown_delay: Duration,
    request_timeout: Duration,
}

/// Where a service listens; the ports are those that the system chose where the configuration says 0.
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    /// The public listener.
    pub server: SocketAddr,
    /// The admin listener.
    pub admin: SocketAddr,
}

impl Service {
    /// Binds the listeners and starts the producer. Needs a tokio runtime; Kafka need not be there yet.
    pub fn start(config: &Config) -> anyhow::Result<Self> {
        let (public, server_address) = bind(config.server.listen).context("server.listen")?;
        let (admin, admin_address) = bind(config.admin.listen).context("admin.listen")?;
        let gateway = Arc::new(Gateway::new(config)?);
        Ok(Self {
            public: http::public(
                gateway.clone(),
                public,
                &config.server.base_path,
                config.server.request_timeout,
                STOP_TIMEOUT,
            )?,
            admin: http::admin(gateway.clone(), admin)?,
            gateway,
            addresses: Addresses { server: server_address, admin: admin_address },
            shutdown_delay: config.server.shutdown_delay,
            request_timeout: config.server.request_timeout,
        })
    }

    /// Waits until every topic has been seen, at most `timeout`; the error names those that have not.
    pub async fn ready(&self, timeout: Duration) -> anyhow::Result<()> {
        let deadline = Instant::now() + timeout;
        let topics = self.gateway.publisher.topics();
        loop {
            let missing: Vec<&str> =
                topics.ids().filter(|&id| !topics.seen(id)).map(|id| topics.name(id)).collect();
            if missing.is_empty() {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "no sign of the topics {} in Kafka", missing.join(", "));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Where it listens.
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// Serves until `shutdown` is ready, then ends in order: announce, serve on for `server.shutdown_delay`, refuse
    /// what comes while what is in flight gets its answer, close, and wait for the last delivery reports.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> anyhow::Result<()> {
        let Addresses { server, admin } = self.addresses;
        tracing::info!(%server, %admin, version = env!("CARGO_PKG_VERSION"), "listening");
        let handles = [self.public.handle(), self.admin.handle()];
        let servers = async { tokio::try_join!(self.public, self.admin) };
        let end = end(&self.gateway, shutdown, self.shutdown_delay, self.request_timeout, &handles);
        let (served, ()) = tokio::join!(servers, end);
        served?;
        tracing::info!("stopped");
        Ok(())
    }
}

async fn end(
    gateway: &Gateway,
    shutdown: impl Future<Output = ()>,
    delay: Duration,
    request_timeout: Duration,
    servers: &[ServerHandle; 2],
) {
    shutdown.await;
    let deadline = Instant::now() + delay + request_timeout + STOP_TIMEOUT;
    tracing::info!(seconds = delay.as_secs_f64(), "shutting down: not ready any more, serving on");
    gateway.lifecycle.drain();
    tokio::time::sleep(delay).await;
    gateway.lifecycle.close();
    if !gateway.lifecycle.idle(request_timeout).await {
        tracing::warn!("pushes are still being served after server.request_timeout");
    }
    let [public, admin] = servers;
    tokio::join!(public.stop(true), admin.stop(true));
    gateway.publisher.flush(deadline.saturating_duration_since(Instant::now()));
}

fn bind(address: SocketAddr) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    let bound = listener.local_addr()?;
    Ok((listener, bound))
}
