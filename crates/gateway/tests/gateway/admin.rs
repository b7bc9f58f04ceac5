//! Requests to a gateway's admin listener.

use std::net::SocketAddr;

use aicc_testkit::http::{self, Response};

/// GETs a path.
#[track_caller]
pub(crate) fn get(admin: SocketAddr, path: &str) -> Response {
    let request = format!("GET {path} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n");
    http::exchange(admin, request.as_bytes()).unwrap_or_else(|error| panic!("{path} has no answer: {error}"))
}

/// What `/readyz` says: the status and the reasons.
#[track_caller]
pub(crate) fn readiness(admin: SocketAddr) -> (u16, Vec<String>) {
    let response = get(admin, "/readyz");
    let json = response.json();
    let reasons = json["reasons"].as_array().into_iter().flatten();
    (response.status, reasons.filter_map(|reason| reason.as_str().map(str::to_owned)).collect())
}

/// The text of `/metrics`.
#[track_caller]
pub(crate) fn metrics(admin: SocketAddr) -> String {
    let response = get(admin, "/metrics");
    assert_eq!(response.status, 200);
    String::from_utf8(response.body).expect("metrics are text")
}

/// The value of a sample, given its name and labels as they are written; `None` where there is none.
#[track_caller]
pub(crate) fn sample(admin: SocketAddr, series: &str) -> Option<f64> {
    let text = metrics(admin);
    let value = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))?;
    Some(value.parse().expect("a sample's value is a number"))
}
