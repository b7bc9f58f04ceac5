//! Worked examples of the scheme, each with its canonical request, from independent signers.

use aicc_auth::{Authorization, Request, Rules, Secret, canonical_request, sign};
use serde::Deserialize;

use crate::fixture::keys;

#[derive(Deserialize)]
struct Vector {
    name: String,
    method: String,
    uri: String,
    query: String,
    headers: Vec<(String, String)>,
    access_key: String,
    secret_key: String,
    timestamp: String,
    body: String,
    authorization: String,
    canonical_request: String,
}

impl Vector {
    fn request(&self) -> Request<'_> {
        Request {
            method: &self.method,
            path: &self.uri,
            query: Some(&self.query),
            headers: &self.headers,
            body: self.body.as_bytes(),
        }
    }
}

fn vectors() -> Vec<Vector> {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("../vectors/auth_v2.json")).unwrap();
    assert_eq!(vectors.len(), 12);
    vectors
}

#[test]
fn signing_gives_the_authorization_of_every_vector() {
    for vector in vectors() {
        // In the order of the request, not of the list.
        let names: Vec<&str> = vector.headers.iter().rev().map(|(name, _)| name.as_str()).collect();
        let secret = Secret::new(vector.secret_key.as_str());
        let rules = Rules::default();
        let value =
            sign(&vector.access_key, &secret, &vector.timestamp, &names, &vector.request(), &rules).unwrap();
        assert_eq!(value, vector.authorization, "{}", vector.name);
    }
}

#[test]
fn the_canonical_request_of_every_vector_is_the_same_to_the_byte() {
    for vector in vectors() {
        let Ok(Authorization::Signed(signed)) = Authorization::parse(vector.authorization.as_bytes()) else {
            panic!("{} is not signed", vector.name);
        };
        let canonical =
            canonical_request(&vector.request(), signed.signed_headers(), &Rules::default()).unwrap();
        assert_eq!(String::from_utf8(canonical).unwrap(), vector.canonical_request, "{}", vector.name);
    }
}

#[test]
fn every_vector_verifies_and_tells_who_sent_it() {
    // One scratch for all: what an earlier request leaves in it must not matter.
    let mut scratch = Vec::new();
    for vector in vectors() {
        let keys = keys(&[(&vector.access_key, &vector.secret_key)]);
        let authorization = Authorization::parse(vector.authorization.as_bytes()).unwrap();
        let identity =
            keys.verify(&authorization, &vector.request(), &Rules::default(), &mut scratch).unwrap();
        assert_eq!((identity.name, identity.secret), (vector.access_key.as_str(), 1), "{}", vector.name);
    }
}
