//! Requests as a test writes them, signed as AICC signs them.

use aicc_auth::{Rules, Secret, format_timestamp};

use super::{ACCESS_KEY, PATH, SECRET, unix_ms};

/// A request, to be broken as a test likes.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// A push without a credential.
    pub(crate) fn push(body: impl Into<Vec<u8>>) -> Self {
        let headers = [("Host", "relay.example.com"), ("Content-Type", "application/json")];
        Self {
            method: "POST".to_owned(),
            target: PATH.to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            body: body.into(),
        }
    }

    pub(crate) fn method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    pub(crate) fn target(mut self, target: &str) -> Self {
        target.clone_into(&mut self.target);
        self
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    /// In place of every header of that name.
    pub(crate) fn replace(self, name: &str, value: &str) -> Self {
        self.without(name).with(name, value)
    }

    /// Signed with [`ACCESS_KEY`], now.
    #[track_caller]
    pub(crate) fn signed(self) -> Self {
        self.signed_by(&Signer::default())
    }

    #[track_caller]
    pub(crate) fn signed_by(self, signer: &Signer) -> Self {
        let authorization = signer.authorization(&self);
        self.replace("Authorization", &authorization)
    }

    /// Head and body, with a Content-Length unless the headers say how long the body is.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.head().into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// The head with the empty line that ends it.
    pub(crate) fn head(&self) -> String {
        let mut lines = vec![format!("{} {} HTTP/1.1", self.method, self.target)];
        lines.extend(self.headers.iter().map(|(name, value)| format!("{name}: {value}")));
        let framed = |name: &str| {
            name.eq_ignore_ascii_case("content-length") || name.eq_ignore_ascii_case("transfer-encoding")
        };
        if !self.headers.iter().any(|(name, _)| framed(name)) {
            lines.push(format!("Content-Length: {}", self.body.len()));
        }
        lines.join("\r\n") + "\r\n\r\n"
    }
}

/// How a request is signed.
#[derive(Clone)]
pub(crate) struct Signer {
    pub(crate) access_key: String,
    pub(crate) secret: String,
    pub(crate) timestamp: String,
    pub(crate) signed_headers: Vec<&'static str>,
    pub(crate) rules: Rules,
}

impl Default for Signer {
    fn default() -> Self {
        Self {
            access_key: ACCESS_KEY.to_owned(),
            secret: SECRET.to_owned(),
            timestamp: format_timestamp(unix_ms()),
            signed_headers: vec!["content-type", "host"],
            rules: Rules::default(),
        }
    }
}

impl Signer {
    /// The value of the Authorization header for a request; of the signed headers only those that it has are signed.
    #[track_caller]
    pub(crate) fn authorization(&self, request: &Request) -> String {
        let (path, query) = match request.target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (request.target.as_str(), None),
        };
        let has = |name: &&str| request.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        let signed: Vec<&str> = self.signed_headers.iter().copied().filter(has).collect();
        let request = aicc_auth::Request {
            method: &request.method,
            path,
            query,
            headers: &request.headers,
            body: &request.body,
        };
        let secret = Secret::new(self.secret.as_str());
        aicc_auth::sign(&self.access_key, &secret, &self.timestamp, &signed, &request, &self.rules)
            .expect("a request that can be signed")
    }
}
