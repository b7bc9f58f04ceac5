//! The access keys and bearer tokens that a receiver takes, and the check of a request against them.

use std::{collections::HashMap, fmt};

use hmac::Mac;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    Authorization, BearerAuthorization, Refusal, Request, Rules, Secret, SignedAuthorization,
    authorization::is_visible_ascii,
    canonical,
    mac::{self, DIGEST_LEN, HmacSha256},
};

/// The credentials that a receiver takes.
///
/// An access key, or the name of a token, may be added several times, each time with another secret: all of them are
/// taken, so that a secret can be rotated without a gap. The set keeps no secret, only what is derived from it.
#[derive(Default)]
pub struct KeySet {
    /// For each access key an HMAC keyed with each of its secrets, in the order in which they were added.
    access_keys: HashMap<String, Vec<HmacSha256>>,
    /// The most secrets that any access key has. So many signatures are computed for every signed request, so that
    /// the time it takes does not tell whether its access key is known.
    most_secrets: usize,
    bearer_tokens: Vec<BearerToken>,
}

struct BearerToken {
    name: String,
    /// Its place among the tokens of this name, from 1.
    secret: usize,
    /// Digests are compared instead of tokens, so that the time it takes does not tell a token's length.
    digest: [u8; DIGEST_LEN],
}

/// Who sent a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The access key, or the name of the bearer token. It is one that was added to the key set.
    pub name: &'a str,
    /// Which of its secrets was used, from 1, in the order in which they were added.
    pub secret: usize,
    /// Whether the name is an access key or that of a token.
    pub kind: IdentityKind,
}

/// What the name of an [`Identity`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdentityKind {
    /// An access key: the request was signed.
    AccessKey,
    /// The name of a bearer token: nothing of the request was signed.
    BearerToken,
}

/// A credential that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// The access key, or the token's name, is empty or could not be told apart where it is written.
    #[error("the name must be visible ASCII without '/' and ';', and not empty")]
    InvalidName,
    /// The secret is empty.
    #[error("the secret must not be empty")]
    EmptySecret,
    /// The bearer token is empty or cannot stand in a header.
    #[error("the token must be visible ASCII without spaces, and not empty")]
    InvalidToken,
}

impl KeySet {
    /// Adds an access key with a secret, or a further secret of that access key.
    pub fn add_access_key(&mut self, access_key: &str, secret: &Secret) -> Result<(), KeySetError> {
        check_name(access_key)?;
        if secret.expose().is_empty() {
            return Err(KeySetError::EmptySecret);
        }
        let secrets = self.access_keys.entry(access_key.to_owned()).or_default();
        secrets.push(mac::keyed(secret.expose().as_bytes()));
        self.most_secrets = self.most_secrets.max(secrets.len());
        Ok(())
    }

    /// Adds a bearer token under a name, or a further token under that name. Of two names with the same token, the
    /// first counts.
    pub fn add_bearer_token(&mut self, name: &str, token: &Secret) -> Result<(), KeySetError> {
        check_name(name)?;
        if token.expose().is_empty() || !is_visible_ascii(token.expose()) {
            return Err(KeySetError::InvalidToken);
        }
        self.bearer_tokens.push(BearerToken {
            name: name.to_owned(),
            secret: 1 + self.bearer_tokens.iter().filter(|own| own.name == name).count(),
            digest: digest(token.expose()),
        });
        Ok(())
    }

    /// Whether there is no credential at all, so that every request would be refused.
    pub fn is_empty(&self) -> bool {
        self.access_keys.is_empty() && self.bearer_tokens.is_empty()
    }

    /// Checks that a request was sent by somebody who has one of the credentials, and tells who.
    ///
    /// Every refusal is of the class [`Denied`](crate::RefusalClass::Denied). The clock is not looked at: that is
    /// what [`Authorization::check_clock`] is for.
    ///
    /// `scratch` is overwritten, with parts of the request among others. Its capacity is used again, so it should
    /// outlive the request; it grows to the size of the signed headers, or some 12 KiB.
    pub fn verify(
        &self,
        authorization: &Authorization<'_>,
        request: &Request<'_>,
        rules: &Rules,
        scratch: &mut Vec<u8>,
    ) -> Result<Identity<'_>, Refusal> {
        match authorization {
            Authorization::Signed(signed) => self.verify_signature(signed, request, rules, scratch),
            Authorization::Bearer(bearer) => self.verify_token(*bearer),
        }
    }

    fn verify_signature(
        &self,
        signed: &SignedAuthorization<'_>,
        request: &Request<'_>,
        rules: &Rules,
        scratch: &mut Vec<u8>,
    ) -> Result<Identity<'_>, Refusal> {
        // What is refused here does not depend on the access key, so it tells nothing about it.
        rules.check_signed_headers(signed.signed_headers())?;

        let known = self.access_keys.get_key_value(signed.access_key());
        let secrets = known.map_or(&[][..], |(_, secrets)| secrets);
        let mut signatures = self.begin_signatures(secrets, signed.prefix());
        canonical::write(request, signed.signed_headers(), rules, scratch, |piece| {
            for signature in &mut signatures {
                signature.update(piece);
            }
        })?;

        let mut matching = None;
        for (index, signature) in signatures.into_iter().enumerate() {
            let is_match = signature.verify_slice(signed.signature()).is_ok();
            if is_match && index < secrets.len() {
                matching = matching.or(Some(index));
            }
        }
        let (name, _) = known.ok_or(Refusal::UnknownAccessKey)?;
        let index = matching.ok_or(Refusal::WrongSignature)?;
        Ok(Identity { name, secret: index + 1, kind: IdentityKind::AccessKey })
    }

    /// One signature for each secret, and then as many that count for nothing as there is work to make up for.
    fn begin_signatures(&self, secrets: &[HmacSha256], prefix: &str) -> Vec<HmacSha256> {
        let nobodys = mac::keyed(&[]);
        let mut signatures = Vec::with_capacity(self.most_secrets);
        for index in 0..self.most_secrets {
            signatures.push(mac::signing(secrets.get(index).unwrap_or(&nobodys), prefix));
        }
        signatures
    }

    fn verify_token(&self, bearer: BearerAuthorization<'_>) -> Result<Identity<'_>, Refusal> {
        let sent = digest(bearer.token());
        let mut matching = None;
        for token in &self.bearer_tokens {
            if token.digest.ct_eq(&sent).into() {
                matching = matching.or(Some(token));
            }
        }
        let token = matching.ok_or(Refusal::UnknownToken)?;
        Ok(Identity { name: &token.name, secret: token.secret, kind: IdentityKind::BearerToken })
    }
}

/// The names alone.
impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tokens: Vec<&str> = self.bearer_tokens.iter().map(|token| token.name.as_str()).collect();
        f.debug_struct("KeySet")
            .field("access_keys", &self.access_keys.keys())
            .field("bearer_tokens", &tokens)
            .finish_non_exhaustive()
    }
}

/// A name stands in the `Authorization` header between `/`, and in the header of a record behind `;`.
fn check_name(name: &str) -> Result<(), KeySetError> {
    if name.is_empty() || !is_visible_ascii(name) || name.contains(['/', ';']) {
        return Err(KeySetError::InvalidName);
    }
    Ok(())
}

fn digest(token: &str) -> [u8; DIGEST_LEN] {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_access_key_costs_as_many_signatures_as_the_one_with_most_secrets() {
        let mut keys = KeySet::default();
        for access_key in ["one", "three", "three", "three"] {
            keys.add_access_key(access_key, &Secret::new("secret")).unwrap();
        }
        for secrets in [&keys.access_keys["one"][..], &keys.access_keys["three"][..], &[]] {
            assert_eq!(keys.begin_signatures(secrets, "prefix").len(), 3);
        }
    }
}
