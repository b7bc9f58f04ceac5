//! The two HMACs of auth-v2, and the hexadecimal texts between them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::encode::hex_digit;

/// The bytes of an HMAC-SHA256.
pub(crate) const DIGEST_LEN: usize = 32;

/// An HMAC-SHA256 under way. Its state is wiped on drop.
pub(crate) type HmacSha256 = Hmac<Sha256>;

/// An HMAC that has taken its key and nothing else.
pub(crate) fn keyed(key: &[u8]) -> HmacSha256 {
    #[expect(clippy::expect_used, reason = "an HMAC takes a key of any length")]
    HmacSha256::new_from_slice(key).expect("an HMAC takes a key of any length")
}

/// The HMAC under the signing key that `secret`, an HMAC keyed with the secret, gives for this prefix.
pub(crate) fn signing(secret: &HmacSha256, prefix: &str) -> HmacSha256 {
    let digest = Zeroizing::new(finish(secret.clone().chain_update(prefix)));
    keyed(&*Zeroizing::new(to_hex(&digest)))
}

/// Ends an HMAC whose result need not be compared here.
pub(crate) fn finish(mac: HmacSha256) -> [u8; DIGEST_LEN] {
    mac.finalize().into_bytes().into()
}

/// The lower-case hexadecimal digits of a digest.
pub(crate) fn to_hex(digest: &[u8; DIGEST_LEN]) -> [u8; 2 * DIGEST_LEN] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut hex = [0; 2 * DIGEST_LEN];
    for (pair, byte) in hex.chunks_exact_mut(2).zip(digest) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    hex
}

/// The digest that exactly 64 lower-case hexadecimal digits stand for.
pub(crate) fn from_hex(text: &str) -> Option<[u8; DIGEST_LEN]> {
    if text.len() != 2 * DIGEST_LEN || text.bytes().any(|digit| digit.is_ascii_uppercase()) {
        return None;
    }
    let mut digest = [0; DIGEST_LEN];
    for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
    }
    Some(digest)
}
