//! Strings of a JSON text: their grammar, their escapes, and a fast way through the bytes in between.

use std::borrow::Cow;

use crate::scanner::SyntaxError;

/// A string as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JsonString<'a> {
    /// With its quotes.
    quoted: &'a str,
    escaped: bool,
    unpaired: bool,
}

impl<'a> JsonString<'a> {
    /// Bytes in the text, quotes included.
    pub(crate) fn len(&self) -> usize {
        self.quoted.len()
    }

    /// Whether one of its escapes is half a surrogate pair, so that it has no value in Unicode.
    pub(crate) fn unpaired(&self) -> bool {
        self.unpaired
    }

    /// The value, borrowed where nothing is escaped; `None` if a surrogate is unpaired.
    #[inline(always)]
    pub(crate) fn decode(&self) -> Option<Cow<'a, str>> {
        if self.escaped {
            serde_json::from_str(self.quoted).ok().map(Cow::Owned)
        } else {
            Some(Cow::Borrowed(&self.quoted[1..self.quoted.len() - 1]))
        }
    }
}

/// Reads the string whose opening quote is at `start`.
#[inline(always)]
pub(crate) fn scan(text: &str, start: usize) -> Result<JsonString<'_>, SyntaxError> {
    let bytes = text.as_bytes();
    let mut offset = start + 1;
    let (mut escaped, mut unpaired) = (false, false);
    loop {
        offset = next_special(bytes, offset);
        match bytes.get(offset) {
            Some(b'"') => {
                let quoted = &text[start..=offset];
                return Ok(JsonString { quoted, escaped, unpaired });
            }
            Some(b'\\') => {
                escaped = true;
                let escape = Escape::read(bytes, offset)?;
                offset = escape.end;
                unpaired |= escape.unpaired;
            }
            Some(_) => return Err(SyntaxError { offset, problem: "a control character in a string" }),
            None => return Err(SyntaxError { offset, problem: "a string without its closing quote" }),
        }
    }
}

/// One escape, or two that together are a surrogate pair.
struct Escape {
    end: usize,
    unpaired: bool,
}

impl Escape {
    fn read(bytes: &[u8], start: usize) -> Result<Self, SyntaxError> {
        match bytes.get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                Ok(Self { end: start + 2, unpaired: false })
            }
            Some(b'u') => {
                let unit = code_unit(bytes, start).ok_or(SyntaxError {
                    offset: start,
                    problem: "an escape without four hexadecimal digits",
                })?;
                let end = start + 6;
                Ok(match unit {
                    0xD800..=0xDBFF => match code_unit(bytes, end) {
                        Some(0xDC00..=0xDFFF) => Self { end: end + 6, unpaired: false },
                        _ => Self { end, unpaired: true },
                    },
                    0xDC00..=0xDFFF => Self { end, unpaired: true },
                    _ => Self { end, unpaired: false },
                })
            }
            _ => Err(SyntaxError { offset: start, problem: "an unknown escape in a string" }),
        }
    }
}

/// The UTF-16 code unit of the `\uXXXX` at `start`, if one is there.
fn code_unit(bytes: &[u8], start: usize) -> Option<u32> {
    let digits = bytes.get(start..start + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)?))
}

/// The offset of the next quote, backslash or control character, or the end of the text.
fn next_special(bytes: &[u8], mut offset: usize) -> usize {
    while let Some((chunk, _)) = bytes.get(offset..).and_then(<[u8]>::split_first_chunk::<8>) {
        let found = special(u64::from_le_bytes(*chunk));
        if found != 0 {
            return offset + (found.trailing_zeros() / 8) as usize;
        }
        offset += 8;
    }
    while bytes.get(offset).is_some_and(|&byte| !matches!(byte, b'"' | b'\\' | ..0x20)) {
        offset += 1;
    }
    offset
}

/// Marks special bytes with their highest bit. A borrow can mark bytes above a special one wrongly, never one
/// below the first, which is the only one that is looked at.
fn special(word: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    let zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let quote = zero(word ^ (ONES * u64::from(b'"')));
    let backslash = zero(word ^ (ONES * u64::from(b'\\')));
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (quote | backslash | control) & (ONES * 0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_is_found_wherever_it_stands_and_whatever_follows() {
        for special in 0..=255u8 {
            for place in 0..20 {
                for after in [0, b'!', b'"', b'#', b'[', b'\\', b']', 0x1F, 0x20, 0x80, 0xFF] {
                    let mut bytes = vec![b'a'; 20];
                    bytes[place] = special;
                    bytes[place + 1..].fill(after);
                    let expected = bytes
                        .iter()
                        .position(|&byte| matches!(byte, b'"' | b'\\' | ..0x20))
                        .unwrap_or(bytes.len());
                    assert_eq!(next_special(&bytes, 0), expected, "{special} at {place}, then {after}");
                }
            }
        }
    }
}
