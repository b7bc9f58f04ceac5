//! Child processes and temporary folders that never outlive the test process.
//!
//! A test process may be killed, and statics are never dropped, so `Drop` alone does not do. Each child and each
//! folder has a watcher, a small `sh` that reads from a pipe whose other end only this process holds: the kernel
//! closes it however this process ends, and the watcher then cleans up.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::Duration;
use std::{fs, io};

use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};

use crate::wait::holds_within;

/// Leaves a watcher behind and becomes the program, which so keeps the process id (`$$`) and is a direct child.
const RUN_WATCHED: &str = r#"
exec 3<&0 </dev/null
( trap '' HUP INT TERM; exec >/dev/null 2>&1; cat <&3; kill -KILL $$ ) &
exec 3<&-
exec "$@"
"#;

/// Tries again while a dying process still writes into the folder.
const DELETE_AT_END: &str = r#"
trap '' HUP INT TERM
cat >/dev/null
tries=0
until rm -rf -- "$1"; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || exit 1
    sleep 0.1
done
"#;

/// A command for [`GuardedChild::spawn`]: `program`, to which arguments, environment and outputs may be added.
/// Its standard input is empty.
pub(crate) fn guarded_command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", RUN_WATCHED, "sh"]).arg(program);
    command
}

/// A child process that is killed when this is dropped, and when this process ends in whatever way.
#[derive(Debug)]
pub(crate) struct GuardedChild {
    child: Child,
    status: Option<ExitStatus>,
    /// The watcher kills the child once this is closed.
    lifeline: Option<ChildStdin>,
}

impl GuardedChild {
    /// Starts a command made by [`guarded_command`]. A program that is not there exits with 127.
    pub(crate) fn spawn(mut command: Command) -> io::Result<Self> {
        // In a process group of its own, Ctrl-C in the terminal ends this process first, and the child through it.
        let mut child = command.stdin(Stdio::piped()).process_group(0).spawn()?;
        let lifeline = child.stdin.take();
        Ok(Self { child, status: None, lifeline })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The ends of the child's outputs that were asked for as pipes.
    pub(crate) fn take_outputs(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.child.stdout.take(), self.child.stderr.take())
    }

    /// # Panics
    ///
    /// When the child has ended.
    pub(crate) fn signal(&mut self, signal: Signal) {
        let ended = self.exit_status();
        assert!(ended.is_none(), "cannot send {signal:?} to process {}: it ended with {ended:?}", self.id());
        kill_process(Pid::from_child(&self.child), signal)
            .expect("a child that was not waited for takes signals");
    }

    /// Every write of the child to a file fails from now on (`EFBIG`).
    pub(crate) fn forbid_writing(&self) {
        let nothing = Rlimit { current: Some(0), maximum: None };
        prlimit(Some(Pid::from_child(&self.child)), Resource::Fsize, nothing)
            .expect("the limits of a child can be set");
    }

    /// How the child ended, or `None` while it runs.
    pub(crate) fn exit_status(&mut self) -> Option<ExitStatus> {
        if self.status.is_none() {
            let status = self.child.try_wait().expect("a child of this process can be waited for");
            self.ended(status);
        }
        self.status
    }

    /// Waits for the child's end; `None` when it still runs after `timeout`.
    pub(crate) fn wait(&mut self, timeout: Duration) -> Option<ExitStatus> {
        holds_within(timeout, || self.exit_status().is_some());
        self.status
    }

    /// SIGKILL, also to a stopped child, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        if self.exit_status().is_none() {
            self.child.kill().expect("a child of this process can be killed");
            let status = self.child.wait().expect("a child of this process can be waited for");
            self.ended(Some(status));
        }
    }

    fn ended(&mut self, status: Option<ExitStatus>) {
        self.status = status;
        if status.is_some() {
            // At once: the process id is free for others now, and the watcher must not meet one of them later.
            self.lifeline = None;
        }
    }
}

impl Drop for GuardedChild {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A new temporary folder that is deleted when this is dropped, and when this process ends in whatever way.
#[derive(Debug)]
pub(crate) struct GuardedDir {
    path: PathBuf,
    watcher: Child,
}

impl GuardedDir {
    pub(crate) fn create(prefix: &str) -> io::Result<Self> {
        let path = tempfile::Builder::new().prefix(prefix).tempdir()?.keep();
        let watcher = Command::new("sh")
            .args(["-c", DELETE_AT_END, "sh"])
            .arg(&path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .inspect_err(|_| drop(fs::remove_dir_all(&path)))?;
        Ok(Self { path, watcher })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for GuardedDir {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        let _ = self.watcher.wait();
    }
}
