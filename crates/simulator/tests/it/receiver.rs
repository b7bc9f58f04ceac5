//! A receiver that checks signatures and answers as a test wants.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use aicc_auth::{Authorization, HeaderValue, Headers, KeySet, Rules, Secret};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::HeaderMap;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::options::{ACCESS_KEY, SECRET};

pub(crate) type Answer = Response<Full<Bytes>>;

/// A request whose signature holds.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    /// Counts the requests, from 0.
    pub(crate) number: usize,
    pub(crate) request_id: String,
    pub(crate) body: Bytes,
}

/// Listens until the test's runtime ends.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    arrivals: Arc<Mutex<Vec<Arrival>>>,
}

impl Receiver {
    pub(crate) async fn start<F, A>(answer: F) -> Self
    where
        F: Fn(Arrival) -> A + Clone + Send + 'static,
        A: Future<Output = Answer> + Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self { address: listener.local_addr().unwrap(), arrivals: Arc::default() };
        let log = Arc::clone(&receiver.arrivals);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (log, answer) = (Arc::clone(&log), answer.clone());
                let service = service_fn(move |request| {
                    let (log, answer) = (Arc::clone(&log), answer.clone());
                    async move {
                        let arrival = receive(request, &log).await;
                        Ok::<_, Infallible>(answer(arrival).await)
                    }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        receiver
    }

    /// Every request so far.
    pub(crate) fn arrivals(&self) -> Vec<Arrival> {
        self.arrivals.lock().unwrap().clone()
    }
}

async fn receive(request: Request<Incoming>, log: &Mutex<Vec<Arrival>>) -> Arrival {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    verify(&head.headers, head.uri.path(), &body);
    let request_id = head.headers["x-request-id"].to_str().unwrap().to_owned();
    let mut log = log.lock().unwrap();
    let arrival = Arrival { number: log.len(), request_id, body };
    log.push(arrival.clone());
    arrival
}

/// Panics, and so closes the connection without an answer, unless the signature is good and fresh.
fn verify(headers: &HeaderMap, path: &str, body: &[u8]) {
    struct Map<'a>(&'a HeaderMap);
    impl Headers for Map<'_> {
        fn get(&self, name: &str) -> HeaderValue<'_> {
            self.0.get(name).map_or(HeaderValue::Missing, |value| HeaderValue::One(value.as_bytes()))
        }
    }
    let mut keys = KeySet::default();
    keys.add_access_key(ACCESS_KEY, &Secret::new(SECRET)).unwrap();
    let rules = Rules {
        required_signed_headers: vec!["host".to_owned(), "content-type".to_owned()],
        ..Rules::default()
    };
    let authorization = Authorization::parse(headers["authorization"].as_bytes()).unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis();
    authorization.check_clock(now.try_into().unwrap(), Duration::from_secs(2)).unwrap();
    let request = aicc_auth::Request { method: "POST", path, query: None, headers: &Map(headers), body };
    keys.verify(&authorization, &request, &rules, &mut Vec::new()).unwrap();
    assert_eq!(path, "/webhooks/v1/messages");
}

pub(crate) fn answer(status: u16, code: &str) -> Answer {
    let body = format!(r#"{{"resultCode":"{code}","resultDesc":"as the test wants"}}"#);
    Response::builder().status(status).body(Full::new(body.into())).unwrap()
}
