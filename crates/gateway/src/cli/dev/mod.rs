//! `aicc-gateway dev`: the service with everything it needs in one process, to try it and to build against it.

mod example;
mod tail;

use std::net::SocketAddr;
use std::time::Duration;

use aicc_auth::Secret;
use anyhow::Context;
use clap::Args;
use rdkafka::mocking::MockCluster;

use super::{keygen, runtime, serve, sign};
use crate::config::Config;
use crate::http::PATH;
use crate::{Service, logging};

/// How long a Kafka may take to answer, and to create the topics.
const KAFKA_TIMEOUT: Duration = Duration::from_secs(30);

/// Try it: the service on a Kafka inside the process, with a generated key; every record is shown as it lands.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  aicc-gateway dev
  aicc-gateway dev --bootstrap-servers localhost:9092    on a real Kafka; missing topics are created

The Kafka inside the process is librdkafka's mock cluster: it forgets everything when it ends. Any client can connect
to it, for example kcat -b ADDRESS -t aicc.downlink.web. AICC_{SECTION}__{KEY} variables set what they set for serve.")]
pub(super) struct Dev {
    /// Use this Kafka instead of one inside the process.
    #[arg(long, value_name = "HOST:PORT,…")]
    bootstrap_servers: Option<String>,
    /// Where pushes arrive.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where /livez, /readyz and /metrics are.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9090")]
    admin_listen: SocketAddr,
}

impl Dev {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let mock = match &self.bootstrap_servers {
            Some(_) => None,
            None => Some(MockCluster::new(1).context("the Kafka inside the process")?),
        };
        let bootstrap_servers = match (&self.bootstrap_servers, &mock) {
            (Some(servers), _) => servers.clone(),
            (None, Some(mock)) => mock.bootstrap_servers(),
            (None, None) => String::new(),
        };
        let (access_key, secret) = keygen::generate();
        let config =
            Config::parse(&self.settings(&bootstrap_servers, &access_key, &secret), std::env::vars_os())?;
        logging::init(&config.log)?;
        if let Some(mock) = &mock {
            for topic in config.topics.names() {
                mock.create_topic(topic, config.topics.partitions, 1)?;
            }
        }
        runtime()?.block_on(async {
            let shutdown = serve::shutdown()?;
            let service = Service::start(&config)?;
            service.ready(KAFKA_TIMEOUT).await.with_context(|| format!("Kafka at {bootstrap_servers}"))?;
            let tail = tail::Tail::start(&config)?;
            banner(&service, &bootstrap_servers, mock.is_some(), &access_key, &secret)?;
            let result = service.run(shutdown).await;
            tail.stop();
            result
        })
    }

    /// The configuration file that this run stands for.
    fn settings(&self, bootstrap_servers: &str, access_key: &str, secret: &str) -> String {
        let Self { listen, admin_listen, .. } = self;
        let create = self.bootstrap_servers.is_some();
        format!(
            r#"
            server = {{ listen = "{listen}", shutdown_delay = "0s" }}
            admin.listen = "{admin_listen}"
            auth.access_keys = [{{ access_key = "{access_key}", secret = "{secret}" }}]
            kafka.bootstrap_servers = {bootstrap_servers:?}
            topics.create = {create}
            log = {{ format = "text", level = "warn,aicc_gateway::http=info" }}
            "#
        )
    }
}

/// Says where everything is, and how to send a push now and later.
fn banner(
    service: &Service,
    bootstrap_servers: &str,
    mock: bool,
    access_key: &str,
    secret: &str,
) -> anyhow::Result<()> {
    let addresses = service.addresses();
    let url = format!("http://{}{PATH}", addresses.server);
    let headers = [("Content-Type".to_owned(), "application/json".to_owned())];
    let body = example::PUSH.as_bytes();
    let authorization =
        sign::authorization(access_key, &Secret::new(secret), &url, &headers, &sign::now(), body)?;
    let curl = sign::curl(&url, &authorization, &headers, body)?;
    let program = std::env::current_exe()
        .ok()
        .map_or_else(|| "aicc-gateway".to_owned(), |path| path.display().to_string());
    let kafka = if mock { "inside this process" } else { "yours" };
    println!(
        "pushes      {url}
probes      http://{admin}/readyz  http://{admin}/metrics
Kafka       {bootstrap_servers} ({kafka})
access key  {access_key}
secret      {secret}

Send the vendor's example (this signature is good for 5 minutes):

{curl}

Sign any body anew, at any time:

AICC_SECRET={secret} {program} sign --access-key {access_key} --url {url} --curl push.json | sh

Records appear below. Ctrl-C ends it.
",
        admin = addresses.admin,
    );
    Ok(())
}
