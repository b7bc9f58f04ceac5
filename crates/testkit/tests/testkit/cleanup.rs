//! Nothing outlives the process that started it, however that one ends.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aicc_testkit::{Kafka, wait_until};

const TIMEOUT: Duration = Duration::from_secs(30);

#[test]
fn broker_and_data_are_gone_after_the_process_was_killed() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut started = Started(
        Command::new(env!("CARGO_BIN_EXE_kafka"))
            .args(["--port", &port.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let said = BufReader::new(started.0.stdout.take().unwrap()).lines().map_while(Result::ok);
    let said: Vec<String> = said.take(2).collect();
    let address: SocketAddr = said[0].strip_prefix("bootstrap.servers = ").unwrap().parse().unwrap();
    let log = PathBuf::from(said[1].split_once("log ").unwrap().1);
    let data = log.ancestors().nth(2).unwrap();
    assert!(TcpStream::connect(address).is_ok() && data.is_dir());

    started.0.kill().unwrap();

    wait_until(TIMEOUT, "the broker is gone", || TcpStream::connect(address).is_err());
    wait_until(TIMEOUT, "the data is gone", || !data.exists());
}

#[test]
fn broker_and_data_are_gone_after_a_drop_even_of_a_paused_broker() {
    let kafka = Kafka::start(1);
    let address = kafka.broker(0).address();
    let data = kafka.data_dir().unwrap().to_owned();
    kafka.broker(0).pause();

    drop(kafka);

    TcpStream::connect(address).unwrap_err();
    assert!(!data.exists());
}

/// Ends with the test.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
