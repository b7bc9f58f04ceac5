//! The binary: its exit codes and its JSON.

use std::process::{Command, Output};

use crate::options::{ACCESS_KEY, SECRET};
use crate::receiver::{Receiver, answer};

/// Off the runtime's only thread, which the receiver needs.
async fn simulator(arguments: Vec<String>, secret: &'static str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aicc-simulator"));
    command.args(["push", "--access-key", ACCESS_KEY, "--json"]).args(arguments).env("AICC_SECRET", secret);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[tokio::test]
async fn the_exit_code_says_whether_all_was_acknowledged() {
    for (status, code, exit) in [(200, "0", 0), (503, "5030", 3)] {
        let receiver = Receiver::start(move |_| async move { answer(status, code) }).await;
        let url = format!("--url=http://{}", receiver.address);
        let output = simulator(vec![url, "--messages=100".to_owned(), "--seed=42".to_owned()], SECRET).await;

        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{errors}");
        let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(summary["seed"], 42);
        assert_eq!(summary["sent"]["messages"], 100);
        assert_eq!(summary["outcomes"][format!("{status}/{code}")]["pushes"], 10);
        assert!(errors.starts_with("seed 42\n"), "{errors}");
    }
}

#[tokio::test]
async fn what_keeps_it_from_running_is_said_with_exit_code_1_and_a_wrong_command_line_with_2() {
    let missing = simulator(vec!["--secret-file=/no/such/file".to_owned()], SECRET).await;
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("cannot read the secret from /no/such/file"));

    let empty = simulator(Vec::new(), " ").await;
    assert_eq!(empty.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&empty.stderr).contains("the secret is empty"));

    let wrong = simulator(vec!["--batch=0".to_owned()], SECRET).await;
    assert_eq!(wrong.status.code(), Some(2));
}
