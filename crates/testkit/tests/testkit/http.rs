//! The raw client against a server that answers what it is told.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use aicc_testkit::http::{Connection, exchange};

/// Handles one connection with `serve`.
fn server(serve: impl FnOnce(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || serve(listener.accept().unwrap().0));
    address
}

/// Answers the first bytes that come.
fn answering(response: &'static [u8]) -> SocketAddr {
    server(move |mut stream| {
        assert!(stream.read(&mut [0; 1024]).unwrap() > 0);
        stream.write_all(response).unwrap();
    })
}

#[test]
fn bodies_are_read_by_length_by_chunks_and_to_the_end() {
    for response in [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloX".as_slice(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: 1\r\n\r\nX",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello",
    ] {
        let response = exchange(answering(response), b"GET / HTTP/1.1\r\n\r\n").unwrap();
        assert_eq!((response.status, response.body.as_slice()), (200, b"hello".as_slice()));
    }
}

#[test]
fn headers_are_found_in_any_case() {
    let response =
        b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nX-A:b\r\nContent-Length: 2\r\n\r\n{}";
    let response = exchange(answering(response), b"GET / HTTP/1.1\r\n\r\n").unwrap();
    assert_eq!(response.header("Retry-After"), Some("1"));
    assert_eq!(response.headers[1], ("X-A".to_owned(), "b".to_owned()));
    assert_eq!(response.header("X-B"), None);
    assert_eq!(response.json(), serde_json::json!({}));
}

#[test]
fn the_response_to_head_has_no_body() {
    let address = answering(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 100\r\n\r\n");
    assert_eq!(exchange(address, b"HEAD / HTTP/1.1\r\n\r\n").unwrap().body, b"");
}

#[test]
fn responses_that_are_cut_short_or_no_http_are_errors() {
    for (response, kind) in [
        (b"".as_slice(), ErrorKind::UnexpectedEof),
        (b"HTTP/1.1 200 OK\r\nContent-Le", ErrorKind::UnexpectedEof),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", ErrorKind::UnexpectedEof),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n", ErrorKind::UnexpectedEof),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n", ErrorKind::InvalidData),
        (b"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n", ErrorKind::InvalidData),
        (b"hello\r\n", ErrorKind::InvalidData),
    ] {
        let error = exchange(answering(response), b"GET / HTTP/1.1\r\n\r\n").unwrap_err();
        assert_eq!(error.kind(), kind, "{:?}: {error}", String::from_utf8_lossy(response));
    }
}

#[test]
fn a_connection_takes_pieces_is_kept_and_can_be_closed_by_half() {
    let address = server(|mut stream| {
        let mut request = [0; 6];
        for _ in 0..2 {
            stream.read_exact(&mut request).unwrap();
            assert_eq!(&request, b"abcdef");
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1").unwrap();
        }
        assert_eq!(stream.read(&mut request).unwrap(), 0);
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").unwrap();
    });
    let mut connection = Connection::open(address).unwrap();
    for _ in 0..2 {
        connection.send(b"abc").unwrap();
        connection.send(b"def").unwrap();
        assert_eq!(connection.receive().unwrap().body, b"1");
    }
    connection.half_close().unwrap();
    assert_eq!(connection.receive().unwrap().status, 400);
    assert!(connection.is_closed().unwrap());
}
