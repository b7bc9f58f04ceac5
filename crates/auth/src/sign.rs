//! Signing, as AICC does it: for clients, and for tests of a receiver.

use hmac::Mac;

use crate::{Refusal, Request, Rules, Secret, authorization::Prefix, canonical, mac};

/// A request cannot be signed as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct SignError(#[from] Refusal);

impl SignError {
    /// Why a receiver would refuse what was asked for.
    pub fn refusal(self) -> Refusal {
        self.0
    }
}

/// The value of the `Authorization` header for a request.
///
/// `timestamp` is in one of the forms of the scheme; [`format_timestamp`](crate::format_timestamp) writes the
/// documented one. `signed_headers` are the names of headers of the request, in any order and case; each must be
/// there once.
///
/// Whatever this gives, [`KeySet::verify`](crate::KeySet::verify) takes under the same rules; what it would refuse is
/// an error here.
pub fn sign(
    access_key: &str,
    secret: &Secret,
    timestamp: &str,
    signed_headers: &[&str],
    request: &Request<'_>,
    rules: &Rules,
) -> Result<String, SignError> {
    let mut names: Vec<String> = signed_headers.iter().map(|name| name.to_ascii_lowercase()).collect();
    names.sort_unstable();
    names.dedup();
    let mut value = Prefix::join(access_key, timestamp, &names.join(";"));

    let signed_headers = Prefix::parse(&value)?.signed_headers();
    rules.check_signed_headers(signed_headers)?;
    let mut signature = mac::signing(&mac::keyed(secret.expose().as_bytes()), &value);
    canonical::write(request, signed_headers, rules, &mut Vec::new(), |piece| signature.update(piece))?;

    value.push('/');
    value.extend(mac::to_hex(&mac::finish(signature)).map(char::from));
    Ok(value)
}
