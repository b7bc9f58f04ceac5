//! What a proxy does to connections.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use aicc_testkit::{Direction, Flow, Proxy, wait_until};

const TIMEOUT: Duration = Duration::from_secs(30);
/// Long enough for what passes to have arrived, also on a busy machine.
const A_WHILE: Duration = Duration::from_millis(500);

/// Sends back whatever comes, on any number of connections.
fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // Ends with the connection, however that ends.
            thread::spawn(move || std::io::copy(&mut stream.try_clone().unwrap(), &mut stream));
        }
    });
    address
}

fn connect(proxy: &Proxy) -> TcpStream {
    let stream = TcpStream::connect(proxy.address()).unwrap();
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    stream
}

/// Sends a text and waits for it to come back.
fn round_trip(stream: &mut TcpStream, text: &str) -> Duration {
    let sent = Instant::now();
    stream.write_all(text.as_bytes()).unwrap();
    assert_eq!(receive(stream, text.len()), text);
    sent.elapsed()
}

fn receive(stream: &mut TcpStream, length: usize) -> String {
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Whether nothing arrives for a while.
fn is_silent(stream: &mut TcpStream) -> bool {
    stream.set_read_timeout(Some(A_WHILE)).unwrap();
    let read = stream.read(&mut [0; 1]);
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    read.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

#[test]
fn bytes_and_the_end_of_either_side_pass() {
    let proxy = Proxy::start(echo());
    let mut stream = connect(&proxy);
    let text = "你好".repeat(100_000);
    let sender = thread::spawn({
        let (mut stream, text) = (stream.try_clone().unwrap(), text.clone());
        move || {
            stream.write_all(text.as_bytes()).unwrap();
            stream.shutdown(std::net::Shutdown::Write).unwrap();
        }
    });
    let mut received = String::new();
    stream.read_to_string(&mut received).unwrap();
    sender.join().unwrap();
    assert!(received == text, "{} bytes came back", received.len());
}

#[test]
fn delayed_bytes_are_late_and_stay_in_order() {
    let proxy = Proxy::start(echo());
    let mut stream = connect(&proxy);
    round_trip(&mut stream, "before");
    let (least, jitter) = (Duration::from_millis(100), Duration::from_millis(100));
    proxy.set(Direction::ToServer, Flow::Delay { least, jitter });
    let mut expected = String::new();
    for number in 0..50 {
        let text = format!("{number};");
        stream.write_all(text.as_bytes()).unwrap();
        expected += &text;
    }
    assert_eq!(receive(&mut stream, expected.len()), expected);
    assert!(round_trip(&mut stream, "late") >= least);
    proxy.set(Direction::ToClient, Flow::Delay { least, jitter });
    assert!(round_trip(&mut stream, "later") >= 2 * least);
}

#[test]
fn a_cut_holds_up_one_direction_until_it_ends() {
    for direction in [Direction::ToServer, Direction::ToClient] {
        let proxy = Proxy::start(echo());
        let mut stream = connect(&proxy);
        round_trip(&mut stream, "before");
        proxy.set(direction, Flow::Cut);
        stream.write_all(b"held").unwrap();
        assert!(is_silent(&mut stream), "{direction:?}");
        let mut new = connect(&proxy);
        new.write_all(b"new").unwrap();
        assert!(is_silent(&mut new), "{direction:?}: a new connection");

        proxy.heal();
        assert_eq!(receive(&mut stream, 4), "held", "{direction:?}");
        assert_eq!(receive(&mut new, 3), "new", "{direction:?}");
    }
}

#[test]
fn what_was_held_up_arrives_even_if_its_sender_has_gone() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = Proxy::start(listener.local_addr().unwrap());
    let mut stream = connect(&proxy);
    let (mut server, _) = listener.accept().unwrap();
    proxy.set_both(Flow::Cut);
    stream.write_all(b"from the past").unwrap();
    drop(stream);
    assert!(is_silent(&mut server));

    proxy.heal();
    let mut received = String::new();
    server.read_to_string(&mut received).unwrap();
    assert_eq!(received, "from the past");
}

#[test]
fn a_reset_ends_connections_and_new_ones_are_served() {
    let proxy = Proxy::start(echo());
    let mut stream = connect(&proxy);
    round_trip(&mut stream, "before");

    proxy.reset();

    let error = stream.read(&mut [0; 1]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    round_trip(&mut connect(&proxy), "after");
}

#[test]
fn refused_connections_are_served_again_on_the_same_port() {
    let proxy = Proxy::start(echo());
    let mut stream = connect(&proxy);
    round_trip(&mut stream, "before");

    proxy.refuse();
    assert_eq!(stream.read(&mut [0; 1]).unwrap_err().kind(), ErrorKind::ConnectionReset);
    let refused = || {
        TcpStream::connect(proxy.address()).is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused)
    };
    wait_until(TIMEOUT, "connections are refused", refused);

    proxy.heal();
    wait_until(TIMEOUT, "connections are accepted", || !refused());
    round_trip(&mut connect(&proxy), "after");
}

#[test]
fn a_server_that_is_down_and_a_proxy_that_is_gone_reset() {
    let down = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let proxy = Proxy::start(down);
    assert_eq!(connect(&proxy).read(&mut [0; 1]).unwrap_err().kind(), ErrorKind::ConnectionReset);

    let proxy = Proxy::start(echo());
    let mut stream = connect(&proxy);
    round_trip(&mut stream, "before");
    drop(proxy);
    assert_eq!(stream.read(&mut [0; 1]).unwrap_err().kind(), ErrorKind::ConnectionReset);
}
