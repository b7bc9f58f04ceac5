//! The gateway of one plan: a process that is replaced by another one at the same addresses when it is restarted.

use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::Signal;

use super::clock::Clock;
use crate::gateway::{GatewayBuilder, GatewayProcess};
use crate::kafka::{Kafka, Topics, free_port};

pub(super) const ACCESS_KEY: &str = "campaign";
pub(super) const SECRET: &str = "9ppL617SueruAcEcAo80L7H0JMhO6rzwSU4fsYymB6W";

const READY_TIMEOUT: Duration = Duration::from_mins(1);
/// A gateway waits for `server.shutdown_delay` and `server.request_timeout`, 5 s and 15 s as shipped, and 2 s.
const EXIT_TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Relay {
    builder: GatewayBuilder,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// `None` while it is down.
    process: Option<GatewayProcess>,
    /// What earlier processes have logged.
    log: String,
}

impl Relay {
    /// Starts a gateway as it is shipped, but for `settings`, on the way through the proxies.
    pub(super) fn start(
        builder: GatewayBuilder,
        kafka: &Kafka,
        topics: &Topics,
        settings: &[(&str, &str)],
        clock: Option<&Clock>,
    ) -> Self {
        let mut builder = builder
            .config(config(kafka, topics))
            .env("AICC_SERVER__LISTEN", format!("127.0.0.1:{}", free_port()))
            .env("AICC_ADMIN__LISTEN", format!("127.0.0.1:{}", free_port()));
        for (key, value) in settings {
            builder = builder.env(format!("AICC_{}", key.to_ascii_uppercase().replace('.', "__")), value);
        }
        if let Some(clock) = clock {
            builder = clock
                .environment()
                .into_iter()
                .fold(builder, |builder, (name, value)| builder.env(name, value));
        }
        let process = builder.clone().start();
        process.wait_ready(READY_TIMEOUT);
        Self { builder, state: Mutex::new(State { process: Some(process), log: String::new() }) }
    }

    /// The base URL for senders.
    pub(super) fn url(&self) -> String {
        let state = self.state();
        format!("http://{}", state.process.as_ref().expect("it runs").server())
    }

    pub(super) fn signal(&self, signal: Signal) {
        self.state().process.as_ref().expect("it runs").signal(signal);
    }

    /// Waits for its end, after a signal to that end.
    pub(super) fn wait_exit(&self) {
        let process = self.state().process.take().expect("it runs");
        process.wait_exit(EXIT_TIMEOUT);
        let mut state = self.state();
        state.log += &process.log();
    }

    pub(super) fn start_again(&self) {
        let process = self.builder.clone().start();
        self.state().process = Some(process);
    }

    /// All that it has logged, over all its starts.
    pub(super) fn log(&self) -> String {
        let state = self.state();
        let now = state.process.as_ref().map(GatewayProcess::log).unwrap_or_default();
        format!("{}{now}", state.log)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn config(kafka: &Kafka, topics: &Topics) -> String {
    let Topics { web, whatsapp, other, dead_letter, .. } = topics;
    let mut properties = String::new();
    for (name, value) in kafka.proxied_client_properties() {
        writeln!(properties, "\"{name}\" = \"{value}\"").expect("a String takes it");
    }
    format!(
        r#"
[kafka]
bootstrap_servers = "{}"
[kafka.properties]
{properties}
[topics]
default = "{other}"
dead_letter = "{dead_letter}"
[topics.channels]
WEB = "{web}"
WHATSAPP = "{whatsapp}"
[[auth.access_keys]]
access_key = "{ACCESS_KEY}"
secret = "{SECRET}"
"#,
        kafka.proxied_bootstrap_servers()
    )
}
