//! The window around the clock in which a signature's timestamp is taken.

use std::time::Duration;

use aicc_auth::{Authorization, Refusal, RefusalClass};

const NOW: i64 = 1_625_898_453_913;
const FIVE_MINUTES: Duration = Duration::from_mins(5);

fn check(timestamp: &str, now_unix_ms: i64, max_skew: Duration) -> Result<(), Refusal> {
    let value = format!("auth-v2/k/{timestamp}/host/{}", "0".repeat(64));
    Authorization::parse(value.as_bytes()).unwrap().check_clock(now_unix_ms, max_skew)
}

#[test]
fn the_limit_itself_is_inside_and_one_millisecond_more_is_not() {
    for (skew_ms, expected) in [
        (0, Ok(())),
        (300_000, Ok(())),
        (-300_000, Ok(())),
        (300_001, Err(Refusal::ClockSkew)),
        (-300_001, Err(Refusal::ClockSkew)),
    ] {
        assert_eq!(check(&NOW.to_string(), NOW + skew_ms, FIVE_MINUTES), expected, "{skew_ms}");
    }
    assert_eq!(Refusal::ClockSkew.class(), RefusalClass::Clock);
}

#[test]
fn every_form_of_timestamp_is_compared_by_its_time() {
    assert_eq!(check("2021-07-10T06:27:33.913Z", NOW, Duration::ZERO), Ok(()));
    assert_eq!(check("2021-07-10T06:27:33Z", NOW, Duration::from_millis(913)), Ok(()));
    assert_eq!(check("2021-07-10T06:27:33Z", NOW, Duration::from_millis(912)), Err(Refusal::ClockSkew));
}

#[test]
fn extreme_times_do_not_overflow() {
    assert_eq!(check(&i64::MAX.to_string(), i64::MIN, FIVE_MINUTES), Err(Refusal::ClockSkew));
    assert_eq!(check(&i64::MAX.to_string(), i64::MIN, Duration::MAX), Ok(()));
    assert_eq!(check("0000-01-01T00:00:00Z", i64::MAX, FIVE_MINUTES), Err(Refusal::ClockSkew));
}

#[test]
fn a_bearer_token_has_no_time() {
    assert_eq!(Authorization::parse(b"Bearer t").unwrap().check_clock(i64::MAX, Duration::ZERO), Ok(()));
}
