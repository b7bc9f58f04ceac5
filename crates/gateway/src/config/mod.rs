//! The configuration: its layers, its sections, and every problem with it reported at once.

mod auth;
mod kafka;
mod layers;
mod limits;
mod section;
mod topics;

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

pub use auth::{Auth, Credential};
pub use kafka::Kafka;
pub(crate) use kafka::RECORD_OVERHEAD;
pub use layers::DEFAULTS;
pub(crate) use limits::DEAD_LETTER_VALUE_BYTES;
pub use limits::{Dedup, Limits};
pub use section::Problem;
pub use topics::Topics;

use layers::TomlFile;
use section::{Problems, Section};

/// Time that is kept for everything of a request but reading its body and waiting for Kafka.
const REQUEST_OVERHEAD: Duration = Duration::from_secs(1);

/// Everything the service can be told, validated. `config.default.toml` says what each key means.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// `[server]`
    pub server: Server,
    /// `[admin]`
    pub admin: Admin,
    /// `[auth]`
    pub auth: Auth,
    /// `[kafka]`
    pub kafka: Kafka,
    /// `[topics]`
    pub topics: Topics,
    /// `[limits]`
    pub limits: Limits,
    /// `[dedup]`
    pub dedup: Dedup,
    /// `[log]`
    pub log: Log,
}

/// `[server]`: where pushes arrive, and how long they may take.
#[derive(Clone, Debug)]
pub struct Server {
    /// The address of the public listener.
    pub listen: SocketAddr,
    /// The path in front of `/webhooks/v1/messages`.
    pub base_path: String,
    /// After SIGTERM, for how long pushes are still served.
    pub shutdown_delay: Duration,
    /// From the first byte of a request to its answer.
    pub request_timeout: Duration,
}

/// `[admin]`: the listener of probes and metrics.
#[derive(Clone, Debug)]
pub struct Admin {
    /// The address of the admin listener.
    pub listen: SocketAddr,
}

/// `[log]`
#[derive(Clone, Debug)]
pub struct Log {
    /// How a line looks.
    pub format: LogFormat,
    /// Directives for `tracing_subscriber::EnvFilter`.
    pub level: String,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

/// Why a configuration is refused: every problem of it.
#[derive(Debug)]
pub struct ConfigError(pub Vec<Problem>);

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        write!(formatter, "the configuration has {count} problem{}:", if count == 1 { "" } else { "s" })?;
        self.0.iter().try_for_each(|problem| write!(formatter, "\n  {problem}"))
    }
}

impl Config {
    /// Reads the defaults, the file (`--config`, else `AICC_CONFIG`) and the process's environment.
    pub fn load(file: Option<PathBuf>) -> Result<Self, ConfigError> {
        let named = || std::env::var_os("AICC_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
        let file = file.or_else(named).map(|path| TomlFile::read(&path)).transpose();
        Self::from_layers(file.map_err(|problem| ConfigError(vec![problem]))?, std::env::vars_os())
    }

    /// Reads the defaults, a file's text, and the given environment variables.
    pub fn parse(
        file: &str,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let file = TomlFile::parse(file, "the file").map_err(|problem| ConfigError(vec![problem]))?;
        Self::from_layers(Some(file), environment)
    }

    fn from_layers(
        file: Option<TomlFile>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let table = layers::merge(file, environment.into_iter()).map_err(ConfigError)?;
        let problems = Problems::default();
        let mut root = Section::root(table, &problems);
        let config = Self {
            server: Server::read(root.section("server")),
            admin: Admin::read(root.section("admin")),
            auth: Auth::read(root.section("auth")),
            kafka: Kafka::read(root.section("kafka")),
            topics: Topics::read(root.section("topics")),
            limits: Limits::read(root.section("limits")),
            dedup: Dedup::read(root.section("dedup")),
            log: Log::read(root.section("log")),
        };
        root.finish();
        config.check_together(&problems);
        problems.into_result(config).map_err(ConfigError)
    }

    /// How long the body of a request may take to arrive, from the request's first byte.
    pub fn body_timeout(&self) -> Duration {
        self.server.request_timeout.saturating_sub(self.kafka.publish_timeout + REQUEST_OVERHEAD)
    }

    /// Rules between keys of several sections: chiefly, no limit may refuse a legal push for ever.
    fn check_together(&self, problems: &Problems) {
        let Self { server, kafka, limits, .. } = self;
        // The first key is the one to change; a key that has a problem of its own cannot be compared.
        let rule = |broken: bool, [key, other]: [&str; 2], text: String| {
            if broken && ![key, other, "server", "kafka", "limits"].iter().any(|key| problems.concern(key)) {
                problems.note(key, text);
            }
        };
        rule(
            server.request_timeout <= kafka.publish_timeout + REQUEST_OVERHEAD,
            ["server.request_timeout", "kafka.publish_timeout"],
            "must be longer than kafka.publish_timeout + 1s, or no body could arrive in time".into(),
        );
        rule(
            limits.inflight_messages < limits.batch_messages,
            ["limits.inflight_messages", "limits.batch_messages"],
            "must be at least limits.batch_messages, or a full batch would be refused for ever".into(),
        );
        rule(
            limits.inflight_bytes < limits.body_bytes,
            ["limits.inflight_bytes", "limits.body_bytes"],
            "must be at least limits.body_bytes, or a full body would be refused for ever".into(),
        );
        rule(
            kafka
                .message_max_bytes()
                .is_some_and(|max| max < limits.record_bytes().saturating_add(RECORD_OVERHEAD)),
            ["kafka.properties.\"message.max.bytes\"", "limits.message_bytes"],
            format!(
                "must be at least {}, the larger of limits.message_bytes and a cut dead letter, and some room, or a \
                 long message would be refused for ever",
                limits.record_bytes().saturating_add(RECORD_OVERHEAD)
            ),
        );
    }
}

impl Server {
    fn read(mut section: Section<'_>) -> Self {
        let server = Self {
            listen: listen(&mut section),
            base_path: section.get("base_path"),
            shutdown_delay: section.get("shutdown_delay"),
            request_timeout: section.get("request_timeout"),
        };
        let path = &server.base_path;
        let plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-._~".contains(&b));
        if !path.is_empty()
            && (!path.starts_with('/') || path.ends_with('/') || path.contains("//") || !plain)
        {
            section.problem(
                "base_path",
                "must be empty, or like \"/aicc\": a slash first, none at the end, and A-Z a-z 0-9 - . _ ~ between",
            );
        }
        section.not_yet_supported("tls");
        section.finish();
        server
    }
}

impl Admin {
    fn read(mut section: Section<'_>) -> Self {
        let admin = Self { listen: listen(&mut section) };
        section.finish();
        admin
    }
}

impl Log {
    fn read(mut section: Section<'_>) -> Self {
        let format: String = section.get("format");
        let level: String = section.get("level");
        if tracing_subscriber::EnvFilter::builder().parse(&level).is_err() {
            section.problem(
                "level",
                "must be error, warn, info, debug, trace, or directives like \"info,aicc_gateway=debug\"",
            );
        }
        let format = match format.as_str() {
            "json" => LogFormat::Json,
            "text" => LogFormat::Text,
            _ => {
                section.problem("format", "must be \"json\" or \"text\"");
                LogFormat::Json
            }
        };
        section.finish();
        Self { format, level }
    }
}

fn listen(section: &mut Section<'_>) -> SocketAddr {
    section.optional("listen").unwrap_or_else(|| SocketAddr::from(([0, 0, 0, 0], 0)))
}
