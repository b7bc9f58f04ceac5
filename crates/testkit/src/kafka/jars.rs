//! The jars of Apache Kafka: fetched from Maven Central once into a cache folder, checked before every use.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, io};

const POM: &str = include_str!("../../kafka/pom.xml");
const CHECKSUMS: &str = include_str!("../../kafka/jars.sha256");

/// Fetches Kafka's jars if they are not in the cache folder yet, and returns the folder that holds them.
///
/// The cache folder is `$AICC_CACHE_DIR`, else `$XDG_CACHE_HOME/aicc-relay`, else `~/.cache/aicc-relay`. Tests call
/// this by themselves; calling it earlier only moves the download. Safe in several processes at once.
///
/// # Panics
///
/// When a tool is missing, when Maven cannot fetch, or when a fetched jar is not the one whose checksum the
/// repository holds.
pub fn fetch_jars() -> PathBuf {
    let cache = cache_dir();
    let jars = cache.join("kafka-jars");
    let lock = fs::create_dir_all(&cache)
        .and_then(|()| File::create(cache.join("kafka-jars.lock")))
        .unwrap_or_else(|error| panic!("cannot write to the cache folder {}: {error}", cache.display()));
    lock.lock().expect("a file of the cache folder can be locked");
    if !jars.is_dir() || verify(&jars).is_err() {
        download(&cache, &jars);
    }
    jars
}

/// The class path of the jars in `dir`: only what the checksums name, whatever else lies there.
pub(super) fn class_path(dir: &Path) -> String {
    let lines = CHECKSUMS.lines().filter(|line| !line.starts_with('#'));
    let names = lines.filter_map(|line| line.split_whitespace().nth(1));
    let jars: Vec<String> = names.map(|name| dir.join(name).display().to_string()).collect();
    jars.join(":")
}

fn cache_dir() -> PathBuf {
    let folder = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    folder("AICC_CACHE_DIR")
        .or_else(|| folder("XDG_CACHE_HOME").map(|dir| dir.join("aicc-relay")))
        .or_else(|| folder("HOME").map(|dir| dir.join(".cache/aicc-relay")))
        .expect("no folder to keep Kafka's jars in: set AICC_CACHE_DIR to one")
}

/// Downloads beside `jars` and renames, so that `jars` is there whole or not at all.
fn download(cache: &Path, jars: &Path) {
    let fresh =
        tempfile::Builder::new().prefix("kafka-jars-").tempdir_in(cache).expect("a folder in the cache");
    let pom = fresh.path().join("pom.xml");
    let into = fresh.path().join("jars");
    fs::write(&pom, POM).expect("a file in the cache");
    let mut maven = Command::new("mvn");
    maven.args(["--batch-mode", "--quiet", "-Dstyle.color=never", "--file"]).arg(&pom);
    maven.arg("dependency:copy-dependencies").arg(format!("-DoutputDirectory={}", into.display()));
    let output = maven.output().unwrap_or_else(|error| cannot_run("mvn", &error));
    assert!(output.status.success(), "Maven could not fetch Kafka's jars:\n{}", said(&output));
    if let Err(wrong) = verify(&into) {
        panic!("Maven fetched other jars than crates/testkit/kafka/jars.sha256 names:\n{wrong}");
    }
    if jars.exists() {
        fs::remove_dir_all(jars).expect("the outdated folder of jars can be deleted");
    }
    fs::rename(&into, jars).expect("a folder of the cache can be renamed");
}

/// Checks all 45 MB, once a process: `sha256sum` takes 0.3 s for them.
fn verify(dir: &Path) -> Result<(), String> {
    let list = tempfile::NamedTempFile::new().expect("a temporary file");
    fs::write(list.path(), CHECKSUMS).expect("a temporary file");
    let mut check = Command::new("sha256sum");
    check.args(["--check", "--strict", "--quiet"]).arg(list.path()).current_dir(dir);
    let output = check.output().unwrap_or_else(|error| cannot_run("sha256sum", &error));
    if output.status.success() { Ok(()) } else { Err(said(&output)) }
}

pub(super) fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Says what to type when a tool that the real Kafka needs is not installed.
pub(super) fn cannot_run(tool: &str, error: &io::Error) -> ! {
    assert!(error.kind() == ErrorKind::NotFound, "cannot run {tool}: {error}");
    let package = match tool {
        "java" => "default-jre-headless",
        "mvn" => "maven",
        _ => "coreutils",
    };
    panic!(
        "the tests start a real Kafka, which needs `{tool}`, and that is not installed. On Debian or Ubuntu type\n\n    \
         sudo apt-get install --yes {package}\n\n\
         or set KAFKA_BOOTSTRAP_SERVERS to a Kafka that runs already, which does for most tests."
    );
}
