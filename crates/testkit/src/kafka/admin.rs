//! What the Rust client has no call for: requests of Kafka's protocol, written by hand.
//!
//! Each is in the oldest version that the brokers take (<https://kafka.apache.org/protocol>), which has the simplest
//! form.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(10);

// Resource types, pattern types, operations and permissions.
const TOPIC: u8 = 2;
const LITERAL: u8 = 3;
const ANY: u8 = 1;
const DENY: u8 = 2;
const SET: u8 = 0;

/// What an ACL can take from a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Operation {
    /// To do anything with the topic, even to see it.
    All = 2,
    /// To produce.
    Write = 4,
}

/// A request's body under construction.
#[derive(Default)]
struct Body(Vec<u8>);

impl Body {
    fn byte(mut self, value: u8) -> Self {
        self.0.push(value);
        self
    }

    fn int32(mut self, value: i32) -> Self {
        self.0.extend(value.to_be_bytes());
        self
    }

    fn string(mut self, text: &str) -> Self {
        self.0.extend(i16::try_from(text.len()).expect("a short text").to_be_bytes());
        self.0.extend(text.as_bytes());
        self
    }
}

/// Sets one setting of a topic (`IncrementalAlterConfigs`).
pub(super) fn set_topic_config(broker: &str, topic: &str, name: &str, value: &str) -> io::Result<()> {
    let body = Body::default().int32(1).byte(TOPIC).string(topic);
    let body = body.int32(1).string(name).byte(SET).string(value).byte(u8::from(false));
    first_result(&exchange(broker, Call { key: 44, version: 0, flexible: false }, &body.0)?)
}

/// Denies an operation on a topic to a user (`CreateAcls`).
pub(super) fn deny(broker: &str, topic: &str, user: &str, operation: Operation) -> io::Result<()> {
    let body = Body::default().int32(1).byte(TOPIC).string(topic).byte(LITERAL);
    let body = body.string(&format!("User:{user}")).string("*").byte(operation as u8).byte(DENY);
    first_result(&exchange(broker, Call { key: 30, version: 1, flexible: false }, &body.0)?)
}

/// Deletes all ACLs of a topic (`DeleteAcls`).
pub(super) fn delete_acls(broker: &str, topic: &str) -> io::Result<()> {
    const NULL: [u8; 2] = (-1_i16).to_be_bytes();
    let mut body = Body::default().int32(1).byte(TOPIC).string(topic).byte(LITERAL);
    body.0.extend([NULL, NULL].concat());
    let body = body.byte(ANY).byte(ANY);
    first_result(&exchange(broker, Call { key: 31, version: 1, flexible: false }, &body.0)?)
}

/// The node that is the active controller (`DescribeQuorum`).
pub(super) fn controller(broker: &str) -> io::Result<usize> {
    const METADATA: &str = "__cluster_metadata";
    // Arrays and strings with their length plus one in a byte, and no tagged fields at each end.
    let mut body = vec![2, u8::try_from(METADATA.len() + 1).expect("a short text")];
    body.extend(METADATA.as_bytes());
    body.extend([2, 0, 0, 0, 0, 0, 0, 0]);
    let response = exchange(broker, Call { key: 55, version: 0, flexible: true }, &body)?;
    // Tags, the error, and the array's length; the topic's name; its array's length and the partition's index.
    let partition = 1 + 2 + 1 + 1 + METADATA.len() + 1 + 4;
    let error = response.get(partition..partition + 2);
    let leader = response.get(partition + 2..partition + 6);
    match (error, leader) {
        (Some([0, 0]), Some(leader)) => {
            let leader = i32::from_be_bytes(leader.try_into().expect("four bytes"));
            usize::try_from(leader).map_err(io::Error::other)
        }
        _ => Err(io::Error::other("no controller is known")),
    }
}

#[derive(Clone, Copy)]
struct Call {
    key: i16,
    version: i16,
    /// Whether headers end with tagged fields.
    flexible: bool,
}

/// Sends a request and gives the response behind its correlation id.
fn exchange(broker: &str, call: Call, body: &[u8]) -> io::Result<Vec<u8>> {
    let mut request = Vec::new();
    request.extend(call.key.to_be_bytes());
    request.extend(call.version.to_be_bytes());
    let mut request = Body(request).int32(0).string("aicc-testkit").0;
    if call.flexible {
        request.push(0);
    }
    request.extend(body);

    let mut stream = TcpStream::connect(broker)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    let length = u32::try_from(request.len()).expect("a short request");
    stream.write_all(&[length.to_be_bytes().as_slice(), &request].concat())?;
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let mut response = Vec::new();
    stream.take(u32::from_be_bytes(length).into()).read_to_end(&mut response)?;
    if response.len() < 4 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(response.split_off(4))
}

/// Of a response with one result, behind the throttle time and the array's length.
fn first_result(response: &[u8]) -> io::Result<()> {
    match response.get(8..10) {
        Some([0, 0]) => Ok(()),
        Some(code) => {
            Err(io::Error::other(format!("Kafka's error code {}", u16::from_be_bytes([code[0], code[1]]))))
        }
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}
