//! Requests that are broken as HTTP, or hardly arrive: each gets its answer, and the gateway serves on.

mod bodies;
mod connections;
mod heads;
mod requests;
mod slow;

use aicc_testkit::http::Connection;

use crate::support::{EMPTY_PUSH, Relay, Request, expect};

/// That a well-formed push is acknowledged.
#[track_caller]
pub(crate) fn serves(relay: &Relay) {
    expect("a push afterwards", &relay.push(EMPTY_PUSH), 200, "0");
}

/// A connection to the gateway on which these bytes were sent.
#[track_caller]
pub(crate) fn connection_with(relay: &Relay, bytes: &[u8]) -> Connection {
    let mut connection = Connection::open(relay.server()).expect("a connection");
    connection.send(bytes).expect("bytes that are taken");
    connection
}

/// A signed push whose body goes in chunks, as the head and the chunked body.
pub(crate) fn chunked(body: &str) -> Request {
    Request::push(body).signed().with("Transfer-Encoding", "chunked")
}
