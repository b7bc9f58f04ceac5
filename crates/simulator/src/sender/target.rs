//! The endpoint that pushes go to.

use std::str::FromStr;

use hyper::http::Uri;

/// The interface's path below the base URL.
const PATH: &str = "/webhooks/v1/messages";

/// Where pushes are sent, from a base URL like `http://127.0.0.1:8080`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// The value of the `Host` header.
    pub(crate) authority: String,
    pub(crate) path: String,
}

/// Why a base URL cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// It is not a URL, or has a user, a query, or no host.
    #[error("not a base URL like http://127.0.0.1:8080")]
    Form,
    /// It is of another scheme.
    #[error("only http:// is supported")]
    Scheme,
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| TargetError::Form)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(TargetError::Form);
        };
        if scheme != "http" {
            return Err(TargetError::Scheme);
        }
        if authority.as_str().contains('@') || authority.host().is_empty() || uri.query().is_some() {
            return Err(TargetError::Form);
        }
        Ok(Self {
            host: authority.host().trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: authority.port_u16().unwrap_or(80),
            authority: authority.as_str().to_owned(),
            path: format!("{}{PATH}", uri.path().trim_end_matches('/')),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_put_behind_the_base_url() {
        let cases = [
            ("http://127.0.0.1:8080", "127.0.0.1", 8080, "127.0.0.1:8080", "/webhooks/v1/messages"),
            ("http://relay/", "relay", 80, "relay", "/webhooks/v1/messages"),
            ("http://[::1]:81/aicc/", "::1", 81, "[::1]:81", "/aicc/webhooks/v1/messages"),
        ];
        for (url, host, port, authority, path) in cases {
            let target: Target = url.parse().unwrap();
            let expected = Target { host: host.into(), port, authority: authority.into(), path: path.into() };
            assert_eq!(target, expected, "{url}");
        }
    }

    #[test]
    fn urls_that_cannot_be_sent_to_are_refused() {
        for url in ["", "relay:8080", "/x", "http://", "http://user@relay", "http://relay/?a=b"] {
            assert_eq!(url.parse::<Target>(), Err(TargetError::Form), "{url}");
        }
        assert_eq!("https://relay".parse::<Target>(), Err(TargetError::Scheme));
    }
}
