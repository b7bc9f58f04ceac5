//! The forms of an auth-v2 timestamp. All are UTC, and all become Unix time in milliseconds.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

const SECONDS_FORM: &str = "0000-00-00T00:00:00Z";
const MILLISECONDS_FORM: &str = "0000-00-00T00:00:00.000Z";

/// 0000-01-01T00:00:00Z, the earliest time that four digits of a year can tell.
const EARLIEST_MS: i64 = -62_167_219_200_000;

/// The time that a timestamp tells, in Unix milliseconds, or `None` if it has no known form or is an impossible time.
pub(crate) fn parse(text: &str) -> Option<i64> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let milliseconds = if has_form(text, MILLISECONDS_FORM) {
        text[20..23].parse::<i32>().ok()?
    } else if has_form(text, SECONDS_FORM) {
        0
    } else {
        return None;
    };
    let two_digits = |at: usize| text[at..at + 2].parse().ok();
    let time = DateTime::new(
        text[..4].parse().ok()?,
        two_digits(5)?,
        two_digits(8)?,
        two_digits(11)?,
        two_digits(14)?,
        two_digits(17)?,
        milliseconds * 1_000_000,
    );
    Some(TimeZone::UTC.to_timestamp(time.ok()?).ok()?.as_millisecond())
}

/// Whether `text` has a digit wherever `form` has one, and is the same elsewhere.
fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(byte, expected)| match expected {
            b'0' => byte.is_ascii_digit(),
            _ => byte == expected,
        })
}

/// A timestamp for [`sign`](crate::sign) in the documented form, `yyyy-MM-dd'T'HH:mm:ss'Z'`.
///
/// `unix_ms` is Unix time in milliseconds, of which the part below a second is left out. Times that the form cannot
/// tell (before the year 0, after 9999) become the nearest one that it can.
///
/// ```
/// assert_eq!(aicc_auth::format_timestamp(1_625_898_453_913), "2021-07-10T06:27:33Z");
/// ```
pub fn format_timestamp(unix_ms: i64) -> String {
    let time = match Timestamp::from_millisecond(unix_ms.max(EARLIEST_MS)) {
        Ok(time) => time,
        Err(_) => Timestamp::MAX,
    };
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_tells_its_time() {
        assert_eq!(parse("2021-07-10T06:27:33Z"), Some(1_625_898_453_000));
        assert_eq!(parse("2021-07-10T06:27:33.913Z"), Some(1_625_898_453_913));
        assert_eq!(parse("1625898453913"), Some(1_625_898_453_913));
        assert_eq!(parse("0"), Some(0));
        assert_eq!(parse("9223372036854775807"), Some(i64::MAX));
        assert_eq!(parse("1969-12-31T23:59:59.999Z"), Some(-1));
        assert_eq!(parse("2024-02-29T23:59:59Z"), Some(1_709_251_199_000));
    }

    #[test]
    fn other_forms_are_refused() {
        let others = [
            "",
            "-1",
            "+1",
            "1625898453.913",
            "9223372036854775808",
            "2021-07-10",
            "2021-07-10T06:27:33",
            "2021-07-10T06:27:33z",
            "2021-07-10t06:27:33Z",
            "2021-07-10 06:27:33Z",
            "2021-07-10T06:27Z",
            "2021-07-10T06:27:33.9Z",
            "2021-07-10T06:27:33.9139Z",
            "2021-07-10T06:27:33,913Z",
            "2021-07-10T06:27:33.Z",
            "2021-07-10T06:27:33+00:00",
            "20210710T062733Z",
            "+021-07-10T06:27:33Z",
            " 2021-07-10T06:27:33Z",
            "２021-07-10T06:27:3Z",
        ];
        for text in others {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn impossible_times_are_refused() {
        let impossible = [
            "2021-02-29T00:00:00Z",
            "2021-00-10T00:00:00Z",
            "2021-13-10T00:00:00Z",
            "2021-07-00T00:00:00Z",
            "2021-04-31T00:00:00Z",
            "2021-07-10T24:00:00Z",
            "2021-07-10T06:60:00Z",
            "2021-07-10T06:27:60Z",
        ];
        for text in impossible {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_formatted_is_read_back_to_the_second() {
        for unix_ms in [0, 999, 1_625_898_453_913, -1, -62_135_596_800_000, 253_402_000_000_000] {
            assert_eq!(parse(&format_timestamp(unix_ms)), Some(unix_ms.div_euclid(1000) * 1000), "{unix_ms}");
        }
    }

    #[test]
    fn times_beyond_four_digits_of_a_year_become_the_nearest_ones() {
        assert_eq!(format_timestamp(i64::MIN), "0000-01-01T00:00:00Z");
        assert!(format_timestamp(i64::MAX).starts_with("9999-12-30T"));
        assert!(parse(&format_timestamp(i64::MAX)).is_some());
    }
}
