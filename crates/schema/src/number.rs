//! Numbers of a JSON text, checked but not converted unless somebody asks.

use crate::scanner::SyntaxError;

/// Every number with at most this many places before its decimal point is a finite double.
const SAFE_PLACES: usize = 308;

/// A number as it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number<'a> {
    text: &'a str,
    /// Neither fraction nor exponent.
    integer: bool,
    /// Digits before the decimal point once the exponent is applied, at most.
    places: usize,
}

impl Number<'_> {
    /// Bytes in the text.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// The value if it is written without fraction or exponent and fits.
    pub(crate) fn as_i64(&self) -> Option<i64> {
        if self.integer { self.text.parse().ok() } else { None }
    }

    /// Whether a double cannot hold it.
    pub(crate) fn overflows(&self) -> bool {
        self.places > SAFE_PLACES && !self.text.parse::<f64>().is_ok_and(f64::is_finite)
    }
}

/// Reads the number that begins at `start` with a digit or a minus sign.
#[inline(always)]
pub(crate) fn scan(text: &str, start: usize) -> Result<Number<'_>, SyntaxError> {
    let bytes = text.as_bytes();
    let mut offset = start + usize::from(bytes.get(start) == Some(&b'-'));

    let integer_start = offset;
    offset = digits(bytes, offset)?;
    if bytes[integer_start] == b'0' && offset > integer_start + 1 {
        return Err(SyntaxError { offset: integer_start, problem: "a number with a leading zero" });
    }
    let mut places = offset - integer_start;
    let integer_end = offset;

    if bytes.get(offset) == Some(&b'.') {
        offset = digits(bytes, offset + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(offset) {
        let sign = bytes.get(offset + 1);
        let exponent_start = offset + 1 + usize::from(matches!(sign, Some(b'+' | b'-')));
        offset = digits(bytes, exponent_start)?;
        if sign != Some(&b'-') {
            // One too long for usize is far beyond any double.
            places = places.saturating_add(text[exponent_start..offset].parse().unwrap_or(usize::MAX));
        }
    }
    Ok(Number { text: &text[start..offset], integer: offset == integer_end, places })
}

/// The end of a run of at least one digit.
fn digits(bytes: &[u8], start: usize) -> Result<usize, SyntaxError> {
    let count = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if count == 0 {
        return Err(SyntaxError { offset: start, problem: "a number without the digits it needs" });
    }
    Ok(start + count)
}
