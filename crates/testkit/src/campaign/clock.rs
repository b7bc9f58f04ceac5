//! A clock of the gateway's own, by libfaketime.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::GuardedDir;

/// Where Debian's package libfaketime puts its library, below the architecture's folder.
const LIBRARY: &str = "faketime/libfaketimeMT.so.1";

/// The offset of a gateway's clock, which can be changed while it runs.
#[derive(Debug)]
pub(super) struct Clock {
    library: PathBuf,
    dir: GuardedDir,
}

impl Clock {
    /// A clock that is right; `None` where libfaketime is not installed.
    pub(super) fn new() -> Option<Self> {
        let dir = GuardedDir::create("aicc-clock-").expect("a temporary folder");
        let clock = Self { library: library()?, dir };
        clock.jump(0);
        Some(clock)
    }

    /// From now on the clock is wrong by so many seconds. What measures durations is not concerned, as with a real
    /// jump.
    pub(super) fn jump(&self, seconds: i64) {
        // Renamed, so that nobody reads half a file.
        let fresh = self.dir.path().join("fresh");
        fs::write(&fresh, format!("{seconds:+}\n"))
            .and_then(|()| fs::rename(&fresh, self.file()))
            .expect("a file of a temporary folder");
    }

    /// What makes a process use it.
    pub(super) fn environment(&self) -> [(&'static str, OsString); 4] {
        [
            ("LD_PRELOAD", self.library.clone().into()),
            ("FAKETIME_TIMESTAMP_FILE", self.file().into()),
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
        ]
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("offset")
    }
}

/// Whether [`Clock::new`] would make one.
pub(super) fn is_installed() -> bool {
    library().is_some()
}

fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    folders.map(|folder: PathBuf| folder.join(Path::new(LIBRARY))).find(|library| library.is_file())
}
