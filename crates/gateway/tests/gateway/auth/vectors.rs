//! The worked examples of the signing scheme, sent as they stand, and newly signed.

use aicc_testkit::Kafka;
use serde::Deserialize;

use crate::support::{ACCESS_KEY, PATH, Relay, Request, SECRET, Signer, expect, unix_ms};

const VECTORS: &str = include_str!("../../../../auth/tests/vectors/auth_v2.json");

#[derive(Deserialize)]
struct Vector {
    name: String,
    method: String,
    uri: String,
    query: String,
    headers: Vec<(String, String)>,
    access_key: String,
    secret_key: String,
    body: String,
    authorization: String,
}

impl Vector {
    fn request(&self) -> Request {
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        Request {
            method: self.method.clone(),
            target: format!("{}{query}", self.uri),
            headers: self.headers.clone(),
            body: self.body.clone().into_bytes(),
        }
    }

    /// An empty body is signed well, and is no JSON.
    fn outcome(&self) -> (u16, &'static str) {
        if self.body.is_empty() { (400, "4000") } else { (200, "0") }
    }
}

fn vectors() -> Vec<Vector> {
    let vectors: Vec<Vector> = serde_json::from_str(VECTORS).expect("a table of vectors");
    assert_eq!(vectors.len(), 12);
    vectors
}

#[test]
fn each_worked_example_verifies_as_it_was_published() {
    let vectors = vectors();
    // Each has a secret of its own, of one access key.
    let keys: Vec<String> = vectors
        .iter()
        .filter(|vector| vector.secret_key != SECRET)
        .map(|vector| {
            format!(
                "[[auth.access_keys]]\naccess_key = \"{ACCESS_KEY}\"\nsecret = \"{}\"\n",
                vector.secret_key
            )
        })
        .collect();
    let relay = Relay::on(Kafka::shared(), "vectors", &[("auth.max_clock_skew", "100y")], &keys.concat());
    for vector in vectors {
        assert_eq!((vector.access_key.as_str(), vector.uri.as_str()), (ACCESS_KEY, PATH), "{}", vector.name);
        let request = vector.request().with("Authorization", &vector.authorization);
        let (status, code) = vector.outcome();
        expect(&vector.name, &relay.send(&request), status, code);
        let mut altered = request;
        altered.body.push(b' ');
        let altered = altered.replace("Content-Length", &(vector.body.len() + 1).to_string());
        expect(&vector.name, &relay.send(&altered), 401, "4011");
    }
}

#[test]
fn each_worked_example_verifies_when_signed_now_in_every_form_of_timestamp() {
    let relay = Relay::start("signed-now");
    for vector in vectors() {
        let now = unix_ms();
        let seconds = aicc_auth::format_timestamp(now);
        let milliseconds = format!("{}.{:03}Z", seconds.trim_end_matches('Z'), now % 1000);
        for timestamp in [seconds, milliseconds, now.to_string()] {
            let name = format!("{} at {timestamp}", vector.name);
            let signed_headers = vec!["content-length", "content-type", "host", "x-aicc", "x-aicc-tenant"];
            let signer = Signer { timestamp, signed_headers, ..Signer::default() };
            let (status, code) = vector.outcome();
            expect(&name, &relay.send(&vector.request().signed_by(&signer)), status, code);
        }
    }
}
