//! A raw HTTP/1.1 client: what is sent is written byte for byte, so that a test can break it.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::time::Duration;

/// No server under test may stay silent for longer.
const SILENCE: Duration = Duration::from_mins(1);

/// What came back for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// In their order, names as they were sent.
    pub headers: Vec<(String, String)>,
    /// Without its chunked framing.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of the first header of that name, in whatever case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    ///
    /// # Panics
    ///
    /// When it is something else.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("not JSON ({error}): {:?}", String::from_utf8_lossy(&self.body)))
    }
}

/// Sends `request` on a connection of its own and reads one response.
///
/// That the server closes before it has read everything is no error as long as it answers.
///
/// # Errors
///
/// `UnexpectedEof` when the connection ends without a whole response, `InvalidData` when what comes is no HTTP/1.1,
/// `TimedOut` or `WouldBlock` after a minute of silence, and what the socket says.
pub fn exchange(server: impl ToSocketAddrs, request: &[u8]) -> io::Result<Response> {
    let mut connection = Connection::open(server)?;
    match connection.send(request) {
        Err(error) if !matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => {
            Err(error)
        }
        _ if request.starts_with(b"HEAD ") => connection.receive_without_body(),
        _ => connection.receive(),
    }
}

/// A connection that is kept: for several requests, pieces of one, or half of it closed.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    /// Connects.
    pub fn open(server: impl ToSocketAddrs) -> io::Result<Self> {
        let stream = TcpStream::connect(server)?;
        // Each `send` is a segment of its own.
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(SILENCE))?;
        stream.set_write_timeout(Some(SILENCE))?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// Writes some bytes: a request, or a piece of one.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// Says that nothing more will be sent; what the server sends can still be received.
    pub fn half_close(&self) -> io::Result<()> {
        self.stream.get_ref().shutdown(Shutdown::Write)
    }

    /// Sets how long [`receive`](Self::receive) waits for each next byte.
    pub fn set_read_timeout(&self, timeout: Duration) -> io::Result<()> {
        self.stream.get_ref().set_read_timeout(Some(timeout))
    }

    /// Reads one response. Errors as in [`exchange`].
    pub fn receive(&mut self) -> io::Result<Response> {
        let mut response = self.receive_without_body()?;
        response.body = self.body(&response)?;
        Ok(response)
    }

    /// Reads one response to a HEAD request, which has no body whatever its headers say.
    pub fn receive_without_body(&mut self) -> io::Result<Response> {
        let status = parse_status(&self.line()?)?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Ok(Response { status, headers, body: Vec::new() });
            }
            let (name, value) =
                line.split_once(':').ok_or_else(|| invalid("a header line without a colon"))?;
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
    }

    /// Whether the server has closed: waits for that, and is `false` when bytes come instead.
    pub fn is_closed(&mut self) -> io::Result<bool> {
        match self.stream.fill_buf() {
            Ok(bytes) => Ok(bytes.is_empty()),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Ok(true),
            Err(error) => Err(error),
        }
    }

    fn body(&mut self, response: &Response) -> io::Result<Vec<u8>> {
        if matches!(response.status, 100..200 | 204 | 304) {
            return Ok(Vec::new());
        }
        if response.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
            return self.chunks();
        }
        let mut body = Vec::new();
        if let Some(length) = response.header("content-length") {
            let length = length.parse().map_err(|_| invalid("a Content-Length that is no number"))?;
            self.append(&mut body, length)?;
        } else {
            self.stream.read_to_end(&mut body)?;
        }
        Ok(body)
    }

    fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size =
                u64::from_str_radix(size, 16).map_err(|_| invalid("a chunk size that is no number"))?;
            if size == 0 {
                // Trailers, and the empty line that ends them.
                while !self.line()?.is_empty() {}
                return Ok(body);
            }
            self.append(&mut body, size)?;
            if !self.line()?.is_empty() {
                return Err(invalid("a chunk that is longer than its size"));
            }
        }
    }

    fn append(&mut self, body: &mut Vec<u8>, length: u64) -> io::Result<()> {
        let read = self.stream.by_ref().take(length).read_to_end(body)?;
        if read as u64 == length { Ok(()) } else { Err(ErrorKind::UnexpectedEof.into()) }
    }

    /// A line without its end, which must be there.
    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let line = line.strip_suffix('\n').ok_or(ErrorKind::UnexpectedEof)?;
        Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
    }
}

fn parse_status(line: &str) -> io::Result<u16> {
    let rest = line.strip_prefix("HTTP/1.1 ").or_else(|| line.strip_prefix("HTTP/1.0 "));
    let code = rest.and_then(|rest| rest.split(' ').next()).filter(|code| code.len() == 3);
    code.and_then(|code| code.parse().ok()).ok_or_else(|| invalid(&format!("{line:?} for a status line")))
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("the server sent {what}"))
}
