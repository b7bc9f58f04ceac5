//! When a connection's first request began: with its first byte, not with its connection, which may have been opened
//! long ahead, nor with the end of its head, which may have come slowly.
//!
//! The server tells neither, so a second handle of the socket waits for the first byte. Later requests on a connection
//! are taken to begin when their head is there: senders write it in one piece.

use std::any::Any;
use std::cell::Cell;
use std::net::TcpStream as StdTcpStream;
use std::os::fd::AsFd;
use std::rc::Rc;
use std::time::Instant;

use actix_web::HttpRequest;
use actix_web::dev::Extensions;
use actix_web::rt;
use tokio::net::TcpStream;

/// What is known of a connection's first request.
#[derive(Clone, Copy)]
enum First {
    Awaited,
    Began(Instant),
    /// It was asked for: what comes now is another request.
    Served,
}

#[derive(Clone)]
struct Connection(Rc<Cell<First>>);

/// To be called for each new connection.
pub(super) fn watch(io: &dyn Any, data: &mut Extensions) {
    let handle = || -> std::io::Result<TcpStream> {
        let stream = io.downcast_ref::<TcpStream>().ok_or(std::io::ErrorKind::Unsupported)?;
        TcpStream::from_std(StdTcpStream::from(stream.as_fd().try_clone_to_owned()?))
    };
    // Without a second handle the request begins when its head is there.
    let Ok(handle) = handle() else { return };
    let connection = Connection(Rc::new(Cell::new(First::Awaited)));
    data.insert(connection.clone());
    rt::spawn(async move {
        if handle.readable().await.is_ok() && matches!(connection.0.get(), First::Awaited) {
            connection.0.set(First::Began(Instant::now()));
        }
    });
}

/// When this request began.
pub(super) fn began(request: &HttpRequest) -> Instant {
    match request.conn_data::<Connection>().map(|connection| connection.0.replace(First::Served)) {
        Some(First::Began(instant)) => instant,
        _ => Instant::now(),
    }
}
