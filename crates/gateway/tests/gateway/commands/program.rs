//! Runs programs: to their end, or until a test has seen enough.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use aicc_testkit::wait_until;

const TIMEOUT: Duration = Duration::from_mins(1);

/// How a program that was run to its end has ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) code: i32,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("no signal ended it"),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

/// The gateway's binary, without settings from the test's own environment.
pub(super) fn gateway(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aicc-gateway"));
    for (inherited, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AICC_"))
    {
        command.env_remove(inherited);
    }
    command.args(arguments).env("NO_COLOR", "1").stdin(Stdio::null());
    command
}

/// Runs the gateway's binary to its end.
pub(super) fn run(arguments: &[&str]) -> Ended {
    gateway(arguments).output().expect("it can be run").into()
}

/// Runs a command to its end, with something to read.
pub(super) fn run_with_input(mut command: Command, input: &[u8]) -> Ended {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it can be run");
    child.stdin.take().expect("asked for").write_all(input).expect("it reads its input");
    child.wait_with_output().expect("it can be waited for").into()
}

/// Runs a line as somebody who pastes it into a shell.
pub(super) fn paste(line: &str) -> Ended {
    Command::new("sh").args(["-c", line]).stdin(Stdio::null()).output().expect("sh can be run").into()
}

/// A program that runs, and is killed when this is dropped.
pub(super) struct Running {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl Running {
    pub(super) fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("it can be run");
        let stdout = BufReader::new(child.stdout.take().expect("asked for"));
        let said = Arc::new(Mutex::new(String::new()));
        let lines = Arc::clone(&said);
        thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let mut lines = lines.lock().expect("nothing panics under this lock");
                lines.push_str(&line);
                lines.push('\n');
            }
        });
        Self { child, said }
    }

    /// What it has written to standard output so far, in whole lines.
    pub(super) fn said(&self) -> String {
        self.said.lock().expect("nothing panics under this lock").clone()
    }

    /// Waits until what it has said satisfies a condition, and gives all of that.
    #[track_caller]
    pub(super) fn wait_for(&self, what: &str, condition: impl Fn(&str) -> bool) -> String {
        wait_until(TIMEOUT, &format!("{what} after:\n{}", self.said()), || condition(&self.said()));
        self.said()
    }

    /// Ctrl-C; gives the exit code.
    #[track_caller]
    pub(super) fn interrupt(&mut self) -> Option<i32> {
        let sent = paste(&format!("kill -INT {}", self.child.id()));
        assert_eq!(sent.code, 0, "{sent:?}");
        let mut status = None;
        wait_until(TIMEOUT, "it ends", || {
            status = self.child.try_wait().expect("a child can be waited for");
            status.is_some()
        });
        status.and_then(|status| status.code())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
