//! What a push's head has to say before its body is read: content type, encoding, a usable and timely credential.

use std::time::Duration;

use actix_web::http::header::{self, HeaderMap};
use aicc_auth::{Authorization, HeaderValue, Headers};

use super::refusal::Refusal;

/// `application/json` or nothing, in UTF-8, identity encoding.
pub(crate) fn check_content(headers: &HeaderMap) -> Result<(), Refusal> {
    let mut types = headers.get_all(header::CONTENT_TYPE);
    match (types.next(), types.next()) {
        (None, _) => {}
        (Some(one), None) if is_json(one.as_bytes()) => {}
        _ => return Err(Refusal::WrongContentType("the content type must be application/json in UTF-8")),
    }
    let identity =
        |value: &header::HeaderValue| value.as_bytes().trim_ascii().eq_ignore_ascii_case(b"identity");
    if headers.get_all(header::CONTENT_ENCODING).all(identity) {
        Ok(())
    } else {
        Err(Refusal::WrongContentType("the body must not be compressed: only the identity encoding is taken"))
    }
}

/// Whether a Content-Type is JSON in UTF-8. Parameters other than `charset` have no meaning for JSON.
fn is_json(value: &[u8]) -> bool {
    let mut parts = value.split(|&byte| byte == b';').map(<[u8]>::trim_ascii);
    let json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case(b"application/json"));
    json && parts.all(|parameter| {
        let mut sides = parameter.splitn(2, |&byte| byte == b'=').map(<[u8]>::trim_ascii);
        match (sides.next(), sides.next()) {
            (Some(name), Some(value)) if name.eq_ignore_ascii_case(b"charset") => {
                let bare =
                    value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value);
                bare.eq_ignore_ascii_case(b"utf-8") || bare.eq_ignore_ascii_case(b"utf8")
            }
            (Some(name), None) => !name.eq_ignore_ascii_case(b"charset"),
            _ => true,
        }
    })
}

/// The one Authorization header, in a form that can be checked, signed not long ago. `now` is Unix time in ms.
pub(crate) fn authorization(
    headers: &HeaderMap,
    now: i64,
    max_clock_skew: Duration,
) -> Result<Authorization<'_>, Refusal> {
    let mut values = headers.get_all(header::AUTHORIZATION);
    let value = match (values.next(), values.next()) {
        (None, _) => Err(aicc_auth::Refusal::Missing),
        (Some(value), None) => Ok(value.as_bytes()),
        (Some(_), Some(_)) => Err(aicc_auth::Refusal::Repeated),
    };
    let authorization = value.and_then(Authorization::parse).map_err(Refusal::Auth)?;
    authorization.check_clock(now, max_clock_skew).map_err(Refusal::Auth)?;
    Ok(authorization)
}

/// A request's header fields, as a signature looks them up.
pub(crate) struct SignedFields<'a>(pub(crate) &'a HeaderMap);

impl Headers for SignedFields<'_> {
    fn get(&self, name: &str) -> HeaderValue<'_> {
        let mut values = self.0.get_all(name);
        match (values.next(), values.next()) {
            (None, _) => HeaderValue::Missing,
            (Some(value), None) => HeaderValue::One(value.as_bytes()),
            (Some(_), Some(_)) => HeaderValue::Repeated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_utf8_is_taken_however_it_is_written() {
        for value in [
            "application/json",
            "Application/JSON",
            "application/json;charset=UTF-8",
            "application/json ; charset=\"utf-8\"",
            "application/json; charset=utf8; boundary=x",
            "application/json;",
        ] {
            assert!(is_json(value.as_bytes()), "{value}");
        }
        for value in [
            "",
            "text/plain",
            "application/json+x",
            "application/jsonp",
            "application/json; charset=gbk",
            "application/json; charset=",
            "application/json; charset",
            "application/json; charset=utf-8; charset=gbk",
            "application/json, text/plain",
        ] {
            assert!(!is_json(value.as_bytes()), "{value}");
        }
    }
}
