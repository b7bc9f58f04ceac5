//! Headers of every broken form, each with its reason.

use aicc_auth::{Authorization, Refusal, RefusalClass};

const SIGNATURE: &str = "ee83dc1c02f713b231e90f15084d69c19733e48f16a131ebac72cc6946f8a9bd";

fn refusal(value: impl AsRef<[u8]>) -> Refusal {
    let refusal = Authorization::parse(value.as_ref()).expect_err("a broken header was taken");
    assert_eq!(refusal.class(), RefusalClass::Unusable);
    refusal
}

/// A header with these parts and a well-formed signature.
fn signed(access_key: &str, timestamp: &str, signed_headers: &str) -> String {
    format!("auth-v2/{access_key}/{timestamp}/{signed_headers}/{SIGNATURE}")
}

#[test]
fn well_formed_headers_are_taken_apart() {
    let value = signed("aicc-web-01", "2021-07-10T06:27:33.913Z", "content-type;host");
    let Ok(Authorization::Signed(signed)) = Authorization::parse(value.as_bytes()) else { panic!() };
    assert_eq!(signed.access_key(), "aicc-web-01");
    assert_eq!(signed.unix_ms(), 1_625_898_453_913);
    assert_eq!(signed.signed_headers().as_str(), "content-type;host");

    for value in ["Bearer t", "bearer t", "BEARER   t", "Bearer a/b+c==", "Bearer auth-v2/x"] {
        assert!(matches!(Authorization::parse(value.as_bytes()), Ok(Authorization::Bearer(_))), "{value}");
    }
}

#[test]
fn another_scheme_is_refused() {
    let upper_case = signed("k", "0", "host").replace("auth-v2", "AUTH-V2");
    for value in [
        "",
        " ",
        "Basic dXNlcjpwYXNz",
        "Bearertoken",
        " Bearer t",
        "auth-v1/a/b/c/d",
        "auth-v2 a",
        &upper_case,
    ] {
        assert_eq!(refusal(value), Refusal::OtherScheme, "{value:?}");
    }
}

#[test]
fn bytes_beyond_visible_ascii_are_refused() {
    let newline = signed("k", "0", "host") + "\n";
    for value in
        ["Bearer 您好".as_bytes(), b"Bearer \xff", b"Bearer a\tb", b"auth-v2/\0/0/host/", newline.as_bytes()]
    {
        assert_eq!(refusal(value), Refusal::NotAscii, "{value:?}");
    }
}

#[test]
fn too_few_and_too_many_parts_are_refused() {
    let one_more = signed("k/e/y", "0", "host");
    let one_less = format!("auth-v2/k/0/{SIGNATURE}");
    for value in ["auth-v2", "auth-v2/", "auth-v2////////", &one_more, &one_less] {
        assert_eq!(refusal(value), Refusal::WrongNumberOfParts, "{value:?}");
    }
}

#[test]
fn an_unusable_access_key_is_refused() {
    assert_eq!(refusal(signed("", "0", "host")), Refusal::AccessKeyMalformed);
    assert_eq!(refusal(signed("a key", "0", "host")), Refusal::AccessKeyMalformed);
}

#[test]
fn an_unusable_timestamp_is_refused() {
    for timestamp in
        ["", "yesterday", "-1", "2021-02-30T00:00:00Z", "2021-07-10T06:27:33.9Z", "9223372036854775808"]
    {
        assert_eq!(refusal(signed("k", timestamp, "host")), Refusal::TimestampMalformed, "{timestamp:?}");
    }
}

#[test]
fn an_unusable_list_of_signed_headers_is_refused() {
    for list in ["", "Host", "host;", "a b", "host;;x-a"] {
        assert_eq!(refusal(signed("k", "0", list)), Refusal::SignedHeadersMalformed, "{list:?}");
    }
    for list in ["host;content-type", "host;host"] {
        assert_eq!(refusal(signed("k", "0", list)), Refusal::SignedHeadersUnsorted, "{list:?}");
    }
}

#[test]
fn an_unusable_signature_is_refused() {
    let one_less = &SIGNATURE[1..];
    let one_more = format!("{SIGNATURE}0");
    let other_digit = SIGNATURE.replace('e', "g");
    for signature in ["", one_less, &one_more, &SIGNATURE.to_uppercase(), &other_digit] {
        let value = format!("auth-v2/k/0/host/{signature}");
        assert_eq!(refusal(&value), Refusal::SignatureMalformed, "{value}");
    }
}

#[test]
fn an_unusable_bearer_token_is_refused() {
    for value in ["Bearer", "Bearer ", "Bearer   ", "Bearer a b", "bearer t "] {
        assert_eq!(refusal(value), Refusal::BearerTokenMalformed, "{value:?}");
    }
}
