//! The codes of the interface and the body of an answer.

use aicc_schema::{Answer, ResultCode};

#[test]
fn each_code_has_its_status_and_says_whether_to_retry() {
    let table = [
        ("0", 200, false),
        ("4000", 400, false),
        ("4001", 400, false),
        ("4010", 401, false),
        ("4011", 401, false),
        ("4012", 401, false),
        ("4040", 404, false),
        ("4050", 405, false),
        ("4080", 408, true),
        ("4130", 413, false),
        ("4132", 413, false),
        ("4150", 415, false),
        ("4290", 429, true),
        ("5000", 500, true),
        ("5030", 503, true),
        ("5031", 503, true),
        ("5032", 503, true),
        ("5033", 503, true),
        ("5040", 504, true),
    ];
    let codes = ResultCode::ALL.map(|code| (code.as_str(), code.http_status(), code.retryable()));
    assert_eq!(codes, table);
}

#[test]
fn an_answer_survives_json() {
    for code in ResultCode::ALL {
        let answer = Answer::new(code, "what to mend");
        let json = serde_json::to_string(&answer).unwrap();
        assert_eq!(json, format!(r#"{{"resultCode":"{code}","resultDesc":"what to mend"}}"#));
        assert_eq!(serde_json::from_str::<Answer>(&json).unwrap(), answer);
    }
}

#[test]
fn success_is_the_vendors_answer_to_the_byte() {
    let json = serde_json::to_string(&Answer::success()).unwrap();
    assert_eq!(json, r#"{"resultCode":"0","resultDesc":"success."}"#);
}

#[test]
fn an_answer_needs_no_description_but_a_known_code() {
    let answer: Answer = serde_json::from_str(r#"{"resultCode":"0","more":1}"#).unwrap();
    assert_eq!((answer.result_code, &*answer.result_desc), (ResultCode::Success, ""));
    for refused in ["{}", r#"{"resultCode":"1"}"#, r#"{"resultCode":0}"#] {
        assert!(serde_json::from_str::<Answer>(refused).is_err(), "{refused}");
    }
}
