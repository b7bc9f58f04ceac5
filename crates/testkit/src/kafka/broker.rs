//! One node of a cluster: its process, and what can happen to it.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::slice;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::Signal;

use super::network::hosts_file;
use super::properties::{Ports, server_properties};
use super::{jars, metadata};
use crate::process::{GuardedChild, guarded_command};
use crate::wait::holds_within;

/// What a start may take on a machine that is busy with other tests.
const START_TIMEOUT: Duration = Duration::from_secs(90);
const STOP_TIMEOUT: Duration = Duration::from_secs(30);

/// Kafka wants 16 bytes in Base64; these say what they are of.
const CLUSTER_ID: &str = "YWljYy1yZWxheS10ZXN0cw";

/// How much of a broker's log an error shows.
const SHOWN_PROBLEMS: usize = 30;
const SHOWN_LINES: usize = 15;

/// Optimising little is what makes so short a life fast.
const JVM: [&str; 5] =
    ["-Xms64m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true"];

/// The 300 lines of settings that each start would log are left out.
const LOGGING: [&str; 3] = [
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
    "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config.AbstractConfig=warn",
];

/// A node of a cluster that was started here, broker and controller in one.
#[derive(Debug)]
pub struct Broker {
    id: usize,
    address: SocketAddr,
    dir: PathBuf,
    /// Options of its Java beside the usual ones.
    java: Vec<String>,
    class_path: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// `None` before the first start, and after a kill or a stop.
    process: Option<GuardedChild>,
    paused: bool,
}

impl Broker {
    /// Writes the settings and formats the storage of node `id`; nothing is started yet.
    pub(super) fn format(id: usize, ports: &[Ports], cluster_dir: &Path, class_path: &str) -> Self {
        let dir = cluster_dir.join(format!("broker-{id}"));
        let properties = dir.join("server.properties");
        fs::create_dir(&dir)
            .and_then(|()| fs::write(&properties, server_properties(id, ports, &dir.join("data"))))
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", properties.display()));
        let mut java = Vec::new();
        if ports[id].proxied.is_some() {
            let hosts = dir.join("hosts");
            fs::write(&hosts, hosts_file(id, ports.len())).expect("a file of a temporary folder");
            java.push(format!("-Djdk.net.hosts.file={}", hosts.display()));
        }
        let mut format = Command::new("java");
        format.args(JVM).args(&java).args(["-cp", class_path, "kafka.tools.StorageTool", "format"]);
        format.args(["--cluster-id", CLUSTER_ID, "--config"]).arg(&properties);
        let output = format.output().unwrap_or_else(|error| jars::cannot_run("java", &error));
        assert!(output.status.success(), "Kafka's StorageTool failed:\n{}", jars::said(&output));
        Self {
            id,
            address: SocketAddr::from(([127, 0, 0, 1], ports[id].broker)),
            dir,
            java,
            class_path: class_path.to_owned(),
            state: Mutex::default(),
        }
    }

    /// Its `node.id`, counted from 0, as metadata names leaders and replicas.
    pub fn id(&self) -> usize {
        self.id
    }

    /// Where clients reach it.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The process id of its Java, or `None` when it is down.
    pub fn pid(&self) -> Option<u32> {
        self.state().process.as_ref().map(GuardedChild::id)
    }

    /// What it has logged, over all its starts.
    pub fn log_file(&self) -> PathBuf {
        self.dir.join("broker.log")
    }

    /// Starts it again on its port and data, and waits until it serves and the cluster counts it as alive.
    ///
    /// After [`kill`](Self::kill) that is not before its old session has ended, 3 s after the kill.
    ///
    /// # Panics
    ///
    /// When it runs already, or does not get ready, with an excerpt of its log.
    pub fn start(&self) {
        self.launch();
        if let Err(NotReady { message, .. }) = wait_ready(slice::from_ref(self), 1) {
            panic!("{message}");
        }
    }

    /// SIGKILL: nothing is flushed, no leadership handed over. It is gone when this returns.
    pub fn kill(&self) {
        let mut state = self.state();
        self.take_process(&mut state).kill();
        state.paused = false;
    }

    /// SIGTERM: it hands its leaderships over and ends, which this waits for.
    pub fn stop(&self) {
        let mut state = self.state();
        assert!(!state.paused, "broker {} is paused and so cannot stop", self.id);
        let mut process = self.take_process(&mut state);
        process.signal(Signal::TERM);
        let ended = process.wait(STOP_TIMEOUT);
        assert!(
            ended.is_some(),
            "broker {} did not stop in {STOP_TIMEOUT:?}; {}",
            self.id,
            self.log_excerpt()
        );
    }

    /// SIGSTOP: the kernel still accepts connections, but nothing answers. After 3 s the others take over.
    pub fn pause(&self) {
        self.signal(Signal::STOP, true);
    }

    /// SIGCONT after [`pause`](Self::pause). It may take seconds until the cluster counts it as alive again.
    pub fn resume(&self) {
        self.signal(Signal::CONT, false);
    }

    /// Lets every write to its disk fail from now on, as if that were full, until it is started again. It ends by
    /// itself: Kafka has no use for a broker whose only disk failed.
    pub fn fill_disk(&self) {
        let state = self.state();
        let process = state.process.as_ref().unwrap_or_else(|| panic!("broker {} is down", self.id));
        process.forbid_writing();
    }

    /// Waits for its end after [`fill_disk`](Self::fill_disk), and kills it if that does not come within `timeout`.
    pub fn wait_end(&self, timeout: Duration) {
        let mut process = self.take_process(&mut self.state());
        if process.wait(timeout).is_none() {
            process.kill();
        }
    }

    fn signal(&self, signal: Signal, paused: bool) {
        let mut state = self.state();
        let process = state.process.as_mut().unwrap_or_else(|| panic!("broker {} is down", self.id));
        process.signal(signal);
        state.paused = paused;
    }

    fn take_process(&self, state: &mut State) -> GuardedChild {
        state.process.take().unwrap_or_else(|| panic!("broker {} is down already", self.id))
    }

    /// Whether it is neither down nor paused.
    pub(super) fn is_running(&self) -> bool {
        let state = self.state();
        state.process.is_some() && !state.paused
    }

    /// Starts the process and does not wait.
    pub(super) fn launch(&self) {
        let log = || {
            File::options().create(true).append(true).open(self.log_file()).expect("the broker's log file")
        };
        let mut command = guarded_command("java");
        command.args(JVM).args(&self.java).args(LOGGING).args(["-cp", &self.class_path, "kafka.Kafka"]);
        command.arg(self.dir.join("server.properties")).stdout(log()).stderr(log());
        let mut state = self.state();
        assert!(state.process.is_none(), "broker {} runs already", self.id);
        state.process = Some(GuardedChild::spawn(command).expect("a process can be started"));
    }

    /// Whether it answers a metadata request and lists itself and at least `alive` brokers in all.
    fn is_ready(&self, alive: usize) -> bool {
        // A client of Kafka tries a second time only after a while, and says nothing of the first.
        let accepts = TcpStream::connect_timeout(&self.address, Duration::from_millis(200)).is_ok();
        accepts
            && metadata::alive_brokers(&self.address.to_string())
                .is_ok_and(|ids| ids.len() >= alive && ids.contains(&self.id))
    }

    fn exit_status(&self) -> Option<ExitStatus> {
        self.state().process.as_mut().and_then(GuardedChild::exit_status)
    }

    fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.log_file()).unwrap_or_default()).into_owned()
    }

    /// What went wrong as its log has it, and the log's end: a start that fails is followed by many lines on the end.
    fn log_excerpt(&self) -> String {
        let log = self.log();
        let is_problem = |line: &&str| !line.contains("] INFO ") && !line.trim_start().starts_with("at ");
        let problems: Vec<&str> = log.lines().filter(is_problem).collect();
        let lines: Vec<&str> = log.lines().collect();
        let problems = problems[problems.len().saturating_sub(SHOWN_PROBLEMS)..].join("\n");
        let end = lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n");
        format!("problems in its log:\n{problems}\nits end:\n{end}")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic under the lock, of a test that found its broker down, leaves the state as true as it was.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why brokers that were launched do not serve.
#[derive(Debug)]
pub(super) struct NotReady {
    /// Somebody else listens on a port that one of them was to have.
    pub(super) port_taken: bool,
    /// What happened, with an excerpt of the log of the broker to which it did.
    pub(super) message: String,
}

/// Waits until every one of `brokers` serves and lists itself and at least `alive` brokers in all.
pub(super) fn wait_ready(brokers: &[Broker], alive: usize) -> Result<(), NotReady> {
    let ended = || brokers.iter().find(|broker| broker.exit_status().is_some());
    let unready = || brokers.iter().find(|broker| !broker.is_ready(alive));
    holds_within(START_TIMEOUT, || ended().is_some() || unready().is_none());
    let (broker, problem) = match (ended(), unready()) {
        (None, None) => return Ok(()),
        (Some(broker), _) => (broker, "ended"),
        (None, Some(broker)) => (broker, "is not ready"),
    };
    let message = format!("broker {} {problem}; {}", broker.id, broker.log_excerpt());
    Err(NotReady { port_taken: broker.log().contains("Address already in use"), message })
}
