//! Gateway processes, with a script in the gateway's place.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::panic;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use std::{env, process, thread};

use aicc_testkit::{GatewayProcess, Signal, wait_until};

const TIMEOUT: Duration = Duration::from_secs(30);

/// Says what it was started with, listens as told, and ends with 7 on SIGTERM.
const STAND_IN: &str = r#"#!/bin/sh
trap 'echo "got TERM"; exit 7' TERM
echo "arguments: $1 $2 $4, inherited: $AICC_LOG__LEVEL, other: $OTHER"
cat "$3" >&2
[ -n "$ADMIN" ] || { echo "error: no admin address" >&2; exit 2; }
echo '{"level":"INFO","fields":{"message":"listening","server":"127.0.0.1:1","admin":"'"$ADMIN"'"}}'
while :; do sleep 0.05; done
"#;

/// A script that is deleted with this.
struct Script(PathBuf);

impl Script {
    fn stand_in() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("aicc-stand-in-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = env::temp_dir().join(name);
        fs::write(&path, STAND_IN).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// Answers 503 once, then 200.
fn readyz() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for (status, stream) in [503, 200].into_iter().zip(listener.incoming()) {
            let mut stream = stream.unwrap();
            let read = stream.read(&mut [0; 1024]).unwrap();
            assert!(read > 0);
            write!(stream, "HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n").unwrap();
        }
    });
    address
}

#[test]
fn a_gateway_gets_its_settings_gets_ready_and_ends_on_a_signal() {
    let script = Script::stand_in();
    let admin = readyz();
    let gateway = GatewayProcess::builder(&script.0)
        .config("[kafka]\n")
        .env("ADMIN", admin.to_string())
        .env("OTHER", "set")
        .arg("--extra")
        .start();
    assert_eq!((gateway.server(), gateway.admin()), (([127, 0, 0, 1], 1).into(), admin));
    assert_eq!(fs::read_to_string(gateway.config_file()).unwrap(), "[kafka]\n");
    gateway.wait_ready(TIMEOUT);

    gateway.signal(Signal::TERM);

    assert_eq!(gateway.wait_exit(TIMEOUT).code(), Some(7));
    let log = gateway.log();
    for line in ["arguments: serve --config --extra, inherited: , other: set\n", "[kafka]\n", "got TERM\n"] {
        assert!(log.contains(line), "{line:?} is not in {log:?}");
    }
}

#[test]
fn a_gateway_that_refuses_to_start_is_told_with_its_log() {
    let script = Script::stand_in();
    let refused = GatewayProcess::builder(&script.0).spawn();
    assert_eq!(refused.wait_exit(TIMEOUT).code(), Some(2));
    assert!(refused.log().contains("error: no admin address"));

    let start = || GatewayProcess::builder(&script.0).start();
    let panic = panic::catch_unwind(start).unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(text.contains("error: no admin address"), "{text}");
}

#[test]
fn a_dropped_gateway_is_gone() {
    let script = Script::stand_in();
    let gateway = GatewayProcess::builder(&script.0).env("ADMIN", "127.0.0.1:2").start();
    let (pid, config_file) = (gateway.pid().to_string(), gateway.config_file().to_owned());
    let runs =
        || Command::new("sh").args(["-c", "kill -0 \"$0\" 2>/dev/null", &pid]).status().unwrap().success();
    assert!(runs() && config_file.exists());

    drop(gateway);

    wait_until(TIMEOUT, "the process is gone", || !runs());
    assert!(!config_file.exists());
}
