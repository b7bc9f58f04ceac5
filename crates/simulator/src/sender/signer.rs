//! Makes the signed HTTP request of a push.

use std::time::{SystemTime, UNIX_EPOCH};

use aicc_auth::{Rules, Secret, SignError, format_timestamp};
use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use hyper::http;

use super::target::Target;

const JSON: &str = "application/json";

/// An access key and its secret.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Names the secret.
    pub access_key: String,
    /// Signs.
    pub secret: Secret,
}

/// A push could not be made into a request.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// The access key cannot stand in a signature.
    #[error("cannot sign with this access key: {0}")]
    Sign(#[from] SignError),
    /// The URL cannot stand in a request.
    #[error("cannot make a request to this URL: {0}")]
    Request(#[from] http::Error),
}

/// Signs pushes for one target.
#[derive(Debug)]
pub(super) struct Signer {
    credentials: Credentials,
    target: Target,
}

impl Signer {
    pub(super) fn new(credentials: Credentials, target: Target) -> Self {
        Self { credentials, target }
    }

    /// The request with a signature of this moment.
    pub(super) fn request(
        &self,
        request_id: &str,
        body: &Bytes,
    ) -> Result<Request<Full<Bytes>>, SignerError> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let authorization = aicc_auth::sign(
            &self.credentials.access_key,
            &self.credentials.secret,
            &format_timestamp(i64::try_from(now.as_millis()).unwrap_or(i64::MAX)),
            &["content-type", "host"],
            &aicc_auth::Request {
                method: "POST",
                path: &self.target.path,
                query: None,
                headers: &[("content-type", JSON), ("host", &self.target.authority)],
                body,
            },
            &Rules::default(),
        )?;
        let request = Request::post(self.target.path.as_str())
            .header("host", &self.target.authority)
            .header("content-type", JSON)
            .header("x-request-id", request_id)
            .header("authorization", authorization)
            .body(Full::new(body.clone()))?;
        Ok(request)
    }
}
