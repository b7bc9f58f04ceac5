//! One kept-alive HTTP/1.1 connection, made again whenever it is lost.

use std::io;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::target::Target;
use crate::outcome::Outcome;

const LONGEST_PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Connection {
    target: Target,
    sender: Option<SendRequest<Full<Bytes>>>,
    /// Attempts since the last answer.
    failures: u32,
}

/// Why an exchange has no answer.
pub(super) enum ExchangeError {
    /// The server had closed the connection; not a byte of the request was sent.
    NotSent,
    /// The connection broke with the request on its way.
    Lost,
}

impl Connection {
    pub(super) fn new(target: Target) -> Self {
        Self { target, sender: None, failures: 0 }
    }

    /// Waits until there is a connection, however often it has to be tried; the caller sets the limit.
    pub(super) async fn ready(&mut self) {
        loop {
            if let Some(sender) = &mut self.sender {
                if sender.ready().await.is_ok() {
                    return;
                }
                self.sender = None;
            }
            if self.failures > 0 {
                tokio::time::sleep(pause(self.failures)).await;
            }
            match self.connect().await {
                Ok(sender) => self.sender = Some(sender),
                Err(_) => self.failures += 1,
            }
        }
    }

    async fn connect(&self) -> io::Result<SendRequest<Full<Bytes>>> {
        let stream = TcpStream::connect((self.target.host.as_str(), self.target.port)).await?;
        stream.set_nodelay(true)?;
        let (sender, driver) = handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
        // Whatever ends the driver is seen by the sender too.
        tokio::spawn(driver);
        Ok(sender)
    }

    /// Closes the connection; the next push makes a new one, without a pause.
    pub(super) fn close(&mut self) {
        self.sender = None;
        self.failures = 0;
    }

    /// Sends the request and reads the whole answer. On an error, and when it is cancelled, the connection is dropped.
    pub(super) async fn exchange(&mut self, request: Request<Full<Bytes>>) -> Result<Outcome, ExchangeError> {
        self.failures += 1;
        // Out of its place while it is in use: after a cancellation nobody can use it again.
        let mut sender = self.sender.take().ok_or(ExchangeError::NotSent)?;
        let response = sender.try_send_request(request).await.map_err(|error| {
            if error.message().is_some() { ExchangeError::NotSent } else { ExchangeError::Lost }
        })?;
        let outcome = read(response).await.map_err(|_| ExchangeError::Lost)?;
        self.sender = Some(sender);
        self.failures = 0;
        Ok(outcome)
    }
}

async fn read(response: Response<hyper::body::Incoming>) -> hyper::Result<Outcome> {
    let status = response.status().as_u16();
    let body = response.into_body().collect().await?.to_bytes();
    Ok(Outcome::of_answer(status, &body))
}

/// 10 ms, then twice as long each time.
fn pause(failures: u32) -> Duration {
    (Duration::from_millis(5) * 2_u32.saturating_pow(failures)).min(LONGEST_PAUSE)
}
