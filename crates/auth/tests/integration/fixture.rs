//! A request that can be changed piece by piece, signed and verified.

use aicc_auth::{Authorization, Identity, KeySet, Refusal, Request, Rules, Secret, SignError, sign};

pub(crate) const ACCESS_KEY: &str = "aicc-web-01";
pub(crate) const SECRET: &str = "9ppL617SueruAcEcAo80L7H0JMhO6rzwSU4fsYymB6W";
pub(crate) const TIMESTAMP: &str = "2021-07-10T06:27:33Z";
pub(crate) const SIGNED_HEADERS: [&str; 2] = ["content-type", "host"];

/// A push that owns its parts.
#[derive(Debug, Clone)]
pub(crate) struct Push {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Default for Push {
    fn default() -> Self {
        Self {
            method: "POST".to_owned(),
            path: "/webhooks/v1/messages".to_owned(),
            query: None,
            headers: vec![
                ("Content-Type".to_owned(), b"application/json".to_vec()),
                ("Host".to_owned(), b"relay.example.com".to_vec()),
            ],
            body: br#"{"timestamp":1625898453913,"messages":[]}"#.to_vec(),
        }
    }
}

impl Push {
    pub(crate) fn request(&self) -> Request<'_> {
        Request {
            method: &self.method,
            path: &self.path,
            query: self.query.as_deref(),
            headers: &self.headers,
            body: &self.body,
        }
    }

    /// Signs `content-type` and `host` with [`SECRET`] at [`TIMESTAMP`].
    pub(crate) fn sign(&self, rules: &Rules) -> Result<String, SignError> {
        sign(ACCESS_KEY, &Secret::new(SECRET), TIMESTAMP, &SIGNED_HEADERS, &self.request(), rules)
    }

    pub(crate) fn verify<'a>(
        &self,
        keys: &'a KeySet,
        value: &str,
        rules: &Rules,
    ) -> Result<Identity<'a>, Refusal> {
        keys.verify(&Authorization::parse(value.as_bytes())?, &self.request(), rules, &mut Vec::new())
    }
}

/// A key set with these access keys and secrets.
pub(crate) fn keys(credentials: &[(&str, &str)]) -> KeySet {
    let mut keys = KeySet::default();
    for (access_key, secret) in credentials {
        keys.add_access_key(access_key, &Secret::new(*secret)).unwrap();
    }
    keys
}
