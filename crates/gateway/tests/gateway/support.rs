//! What the tests share: a gateway with topics of its own, requests signed as AICC signs them, and their answers.

mod request;

use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aicc_testkit::http::{self, Response};
use aicc_testkit::{GatewayBuilder, GatewayProcess, Kafka, Record, Topics};
pub(crate) use request::{Request, Signer};

pub(crate) const ACCESS_KEY: &str = "aicc-web-01";
pub(crate) const SECRET: &str = "9ppL617SueruAcEcAo80L7H0JMhO6rzwSU4fsYymB6W";
pub(crate) const PATH: &str = "/webhooks/v1/messages";
/// A push without messages: acknowledged without a record, so that only the request itself matters.
pub(crate) const EMPTY_PUSH: &str = r#"{"timestamp":1,"messages":[]}"#;
pub(crate) const SUCCESS: &str = r#"{"resultCode":"0","resultDesc":"success."}"#;

/// Several, so that order within a partition and the spreading of keys show.
pub(crate) const PARTITIONS: u16 = 4;
pub(crate) const READY_TIMEOUT: Duration = Duration::from_mins(1);
pub(crate) const RECORDS_TIMEOUT: Duration = Duration::from_secs(30);

/// A gateway, not started yet, that writes to the four topics and knows [`ACCESS_KEY`].
///
/// What a test adds with [`GatewayBuilder::env`] comes on top; [`Relay::builder`] is for tables that only a file has.
pub(crate) fn gateway(bootstrap_servers: &str, topics: [&str; 4], more: &str) -> GatewayBuilder {
    let [web, whatsapp, other, dead_letter] = topics;
    GatewayProcess::builder(env!("CARGO_BIN_EXE_aicc-gateway")).config(format!(
        r#"
[kafka]
bootstrap_servers = "{bootstrap_servers}"
[topics]
default = "{other}"
dead_letter = "{dead_letter}"
[topics.channels]
WEB = "{web}"
WHATSAPP = "{whatsapp}"
[[auth.access_keys]]
access_key = "{ACCESS_KEY}"
secret = "{SECRET}"
{more}"#
    ))
}

/// Adds settings, like `("limits.body_bytes", "1000")`, as environment variables.
pub(crate) fn with_settings(gateway: GatewayBuilder, settings: &[(&str, &str)]) -> GatewayBuilder {
    settings.iter().fold(gateway, |gateway, (key, value)| {
        gateway.env(format!("AICC_{}", key.to_ascii_uppercase().replace('.', "__")), value)
    })
}

/// A gateway that is ready, with topics of its own on a Kafka.
pub(crate) struct Relay<'k> {
    // Dropped in this order: the gateway is gone before its topics are.
    pub(crate) gateway: GatewayProcess,
    pub(crate) topics: Topics,
    kafka: &'k Kafka,
}

impl Relay<'static> {
    /// With the default settings, on the Kafka that the tests share.
    #[track_caller]
    pub(crate) fn start(name: &str) -> Self {
        Self::start_with(name, &[])
    }

    /// With some settings, like `("limits.body_bytes", "1000")`.
    #[track_caller]
    pub(crate) fn start_with(name: &str, settings: &[(&str, &str)]) -> Self {
        Self::on(Kafka::shared(), name, settings, "")
    }
}

impl<'k> Relay<'k> {
    /// With some settings, and more text in the configuration file, for tables that are not in [`gateway`]'s.
    #[track_caller]
    pub(crate) fn on(kafka: &'k Kafka, name: &str, settings: &[(&str, &str)], more: &str) -> Self {
        let topics = kafka.topics(name, PARTITIONS);
        let gateway = gateway(kafka.bootstrap_servers(), topics.names(), more);
        let gateway = with_settings(gateway, settings).start();
        gateway.wait_ready(READY_TIMEOUT);
        Self { gateway, topics, kafka }
    }

    pub(crate) fn server(&self) -> SocketAddr {
        self.gateway.server()
    }

    /// Signs a body, sends it on a connection of its own, and gives the answer.
    #[track_caller]
    pub(crate) fn push(&self, body: impl Into<Vec<u8>>) -> Response {
        self.send(&Request::push(body).signed())
    }

    /// Sends a request on a connection of its own and gives the answer.
    #[track_caller]
    pub(crate) fn send(&self, request: &Request) -> Response {
        send(self.server(), request)
    }

    /// All records of the four topics, of which there are at least `count`, by topic, partition and offset.
    #[track_caller]
    pub(crate) fn records(&self, count: usize) -> Vec<Record> {
        self.kafka.wait_for_records(self.topics.names(), count, RECORDS_TIMEOUT)
    }
}

/// Sends a request on a connection of its own and gives the answer.
#[track_caller]
pub(crate) fn send(server: SocketAddr, request: &Request) -> Response {
    http::exchange(server, &request.to_bytes()).unwrap_or_else(|error| panic!("no answer: {error}"))
}

/// Compares an answer's status and code, and that it has what every such answer has.
#[track_caller]
pub(crate) fn expect(name: &str, response: &Response, status: u16, result_code: &str) {
    let text = String::from_utf8_lossy(&response.body);
    assert_eq!((response.status, code(response).as_str()), (status, result_code), "{name}: {text}");
    assert_eq!(response.header("content-type"), Some("application/json"), "{name}");
    assert!(response.header("x-request-id").is_some_and(|id| !id.is_empty()), "{name}: no X-Request-Id");
    let allow = (status == 405).then_some("POST");
    assert_eq!(response.header("allow"), allow, "{name}");
    let challenge = response.header("www-authenticate");
    assert_eq!(challenge.is_some(), status == 401, "{name}: WWW-Authenticate: {challenge:?}");
}

/// The `resultCode` of an answer.
#[track_caller]
pub(crate) fn code(response: &Response) -> String {
    response.json()["resultCode"].as_str().expect("a resultCode").to_owned()
}

/// The `resultDesc` of an answer.
#[track_caller]
pub(crate) fn desc(response: &Response) -> String {
    response.json()["resultDesc"].as_str().expect("a resultDesc").to_owned()
}

/// Milliseconds since 1970 by this machine's clock.
pub(crate) fn unix_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    i64::try_from(since.as_millis()).expect("a clock of this age")
}
