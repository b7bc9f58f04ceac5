//! The gateway as a process of its own: its addresses, its log, its signals.

mod binary;
mod log;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use binary::gateway_binary;
use log::{Addresses, Log};
use rustix::process::Signal;

use crate::http;
use crate::process::{GuardedChild, GuardedDir, guarded_command};
use crate::wait::holds_within;

/// The gateway listens before it knows Kafka, so this is about a busy machine only.
const LISTEN_TIMEOUT: Duration = Duration::from_secs(30);

/// What a gateway is started with. Made by [`GatewayProcess::builder`].
#[derive(Debug, Clone)]
pub struct GatewayBuilder {
    binary: PathBuf,
    config: String,
    environment: Vec<(OsString, OsString)>,
    arguments: Vec<OsString>,
}

impl GatewayBuilder {
    /// The text of the configuration file. It is empty otherwise.
    #[must_use]
    pub fn config(mut self, text: impl Into<String>) -> Self {
        self.config = text.into();
        self
    }

    /// Adds an environment variable.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Adds an argument after `serve --config FILE`.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Starts it and waits until it listens.
    ///
    /// # Panics
    ///
    /// When it ends or says nothing of its addresses for 30 s, with its log.
    #[track_caller]
    pub fn start(self) -> GatewayProcess {
        let gateway = self.spawn();
        let listens = holds_within(LISTEN_TIMEOUT, || gateway.addresses().is_some() || gateway.has_ended());
        let listens = listens && gateway.addresses().is_some();
        assert!(listens, "the gateway does not listen; it logged:\n{}", gateway.log());
        gateway
    }

    /// Starts it and does not wait: for a gateway that is to refuse its configuration.
    #[track_caller]
    pub fn spawn(self) -> GatewayProcess {
        assert!(self.binary.is_file(), "there is no gateway to start at {}", self.binary.display());
        let dir = GuardedDir::create("aicc-gateway-").expect("a temporary folder");
        let config_file = dir.path().join("gateway.toml");
        fs::write(&config_file, &self.config).expect("a temporary file");
        let mut command = guarded_command(&self.binary);
        command.arg("serve").arg("--config").arg(&config_file).args(&self.arguments);
        for (inherited, _) in
            std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AICC_"))
        {
            command.env_remove(inherited);
        }
        command.env("AICC_SERVER__LISTEN", "127.0.0.1:0").env("AICC_ADMIN__LISTEN", "127.0.0.1:0");
        command.envs(self.environment).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = GuardedChild::spawn(command).expect("a process can be started");
        let log = Arc::new(Log::default());
        let (stdout, stderr) = child.take_outputs();
        Log::capture(&log, stdout.expect("asked for as a pipe"));
        Log::capture(&log, stderr.expect("asked for as a pipe"));
        GatewayProcess { child: Mutex::new(child), log, config_file, _dir: dir }
    }
}

/// A gateway that runs until it is told to end, is dropped, or the test process ends.
#[derive(Debug)]
pub struct GatewayProcess {
    // Dropped in this order: it is gone before its configuration is deleted.
    child: Mutex<GuardedChild>,
    log: Arc<Log>,
    config_file: PathBuf,
    _dir: GuardedDir,
}

impl GatewayProcess {
    /// Prepares to run `{binary} serve` on free loopback ports. Variables `AICC_…` of the test's own environment
    /// are not handed on.
    pub fn builder(binary: impl Into<PathBuf>) -> GatewayBuilder {
        GatewayBuilder {
            binary: binary.into(),
            config: String::new(),
            environment: Vec::new(),
            arguments: Vec::new(),
        }
    }

    /// The address of `server.listen`.
    ///
    /// # Panics
    ///
    /// When the gateway has not said it (yet).
    #[track_caller]
    pub fn server(&self) -> SocketAddr {
        self.addresses().unwrap_or_else(|| panic!("the gateway does not listen yet:\n{}", self.log())).server
    }

    /// The address of `admin.listen`. Panics as [`server`](Self::server) does.
    #[track_caller]
    pub fn admin(&self) -> SocketAddr {
        self.addresses().unwrap_or_else(|| panic!("the gateway does not listen yet:\n{}", self.log())).admin
    }

    /// The configuration file, for tests that change it while the gateway runs.
    pub fn config_file(&self) -> &std::path::Path {
        &self.config_file
    }

    /// What it has written to standard output and standard error so far.
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// Waits until `/readyz` answers 200.
    ///
    /// # Panics
    ///
    /// When it does not within `timeout`, with the gateway's log.
    #[track_caller]
    pub fn wait_ready(&self, timeout: Duration) {
        let request = b"GET /readyz HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n";
        let admin = self.admin();
        let ready = holds_within(timeout, || {
            http::exchange(admin, request).is_ok_and(|response| response.status == 200) || self.has_ended()
        });
        assert!(
            ready && !self.has_ended(),
            "the gateway is not ready after {timeout:?}; it logged:\n{}",
            self.log()
        );
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child().id()
    }

    /// Sends it a signal.
    ///
    /// # Panics
    ///
    /// When it has ended.
    #[track_caller]
    pub fn signal(&self, signal: Signal) {
        self.child().signal(signal);
    }

    /// Waits for its end. All it wrote is in [`log`](Self::log) then.
    ///
    /// # Panics
    ///
    /// When it still runs after `timeout`, with its log.
    #[track_caller]
    pub fn wait_exit(&self, timeout: Duration) -> ExitStatus {
        let mut status = None;
        // Not under one lock, so that another thread can send the signal that this waits for the effect of.
        holds_within(timeout, || {
            status = self.child().exit_status();
            status.is_some()
        });
        let status = status
            .unwrap_or_else(|| panic!("the gateway runs after {timeout:?}; it logged:\n{}", self.log()));
        holds_within(timeout, || self.log.is_complete());
        status
    }

    fn has_ended(&self) -> bool {
        self.child().exit_status().is_some()
    }

    fn addresses(&self) -> Option<Addresses> {
        self.log.addresses()
    }

    fn child(&self) -> MutexGuard<'_, GuardedChild> {
        // A panic under the lock, of a test that found the gateway ended, leaves the child as true as it was.
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
