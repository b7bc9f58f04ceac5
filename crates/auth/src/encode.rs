//! Percent-encoding as auth-v2 has it: RFC 3986 over bytes, all but the unreserved characters, upper-case digits.

/// For each byte its encoded form, padded to three bytes, and then that form's length.
const TABLE: [[u8; 4]; 256] = table();

const fn table() -> [[u8; 4]; 256] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut table = [[0; 4]; 256];
    let mut byte = 0_u8;
    loop {
        table[byte as usize] = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => [byte, 0, 0, 1],
            _ => [b'%', DIGITS[(byte >> 4) as usize], DIGITS[(byte & 15) as usize], 3],
        };
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
}

/// Appends `bytes`, percent-encoded.
///
/// Every byte costs one write of a whole table entry, without a branch on whether it is reserved: in JSON, and all
/// the more in Chinese text, such a branch is hard to predict.
pub(crate) fn encode(out: &mut Vec<u8>, bytes: &[u8]) {
    const ENTRY: usize = 4;
    let start = out.len();
    // The entry of the last byte may reach one byte past its encoded form.
    out.resize(start + 3 * bytes.len() + 1, 0);
    let mut end = start;
    for &byte in bytes {
        let entry = TABLE[usize::from(byte)];
        out[end..end + ENTRY].copy_from_slice(&entry);
        end += usize::from(entry[3]);
    }
    out.truncate(end);
}

/// Appends one side of a query pair, percent-decoded and encoded again.
///
/// `%` without two hexadecimal digits behind it stands for itself, and so does `+`.
pub(crate) fn encode_decoded(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, tail) = escape(rest).unwrap_or((*first, tail));
        encode(out, &[byte]);
        rest = tail;
    }
}

/// The byte of the escape that `bytes` start with, and what follows it.
fn escape(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let [b'%', high, low, tail @ ..] = bytes else { return None };
    Some((hex_digit(*high)? << 4 | hex_digit(*low)?, tail))
}

/// The value of a hexadecimal digit of either case.
pub(crate) fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(bytes: &[u8]) -> String {
        let mut out = b"kept ".to_vec();
        encode(&mut out, bytes);
        String::from_utf8(out.split_off(5)).unwrap()
    }

    fn encoded_again(text: &str) -> String {
        let mut out = Vec::new();
        encode_decoded(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_byte_but_the_unreserved_becomes_an_upper_case_escape() {
        for byte in 0..=u8::MAX {
            let expected = if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            };
            assert_eq!(encoded(&[byte]), expected);
        }
    }

    #[test]
    fn text_is_encoded_over_its_utf_8_bytes() {
        assert_eq!(encoded("a 您\n".as_bytes()), "a%20%E6%82%A8%0A");
        assert_eq!(encoded(b""), "");
    }

    #[test]
    fn valid_escapes_are_normalised() {
        assert_eq!(encoded_again("%2f%2F%41%7e%e6%82%a8"), "%2F%2FA~%E6%82%A8");
    }

    #[test]
    fn invalid_escapes_and_plus_signs_stand_for_themselves() {
        assert_eq!(encoded_again("100%"), "100%25");
        assert_eq!(encoded_again("%4"), "%254");
        assert_eq!(encoded_again("%zz%+1a+b"), "%25zz%25%2B1a%2Bb");
    }
}
