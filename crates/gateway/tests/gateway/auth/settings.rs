//! The settings of `[auth]` that sender and receiver must agree on.

use aicc_auth::Rules;

use crate::support::{EMPTY_PUSH, PATH, Relay, Request, Signer, expect};

#[test]
fn required_headers_have_to_be_signed() {
    let relay = Relay::start_with("required", &[("auth.required_signed_headers", "host,x-tenant")]);
    let request = || Request::push(EMPTY_PUSH).with("X-Tenant", "1");
    for (signed_headers, status, code) in [
        (vec!["host", "x-tenant"], 200, "0"),
        (vec!["content-type", "host", "x-tenant"], 200, "0"),
        (vec!["host"], 401, "4011"),
        (vec!["content-type", "x-tenant"], 401, "4011"),
    ] {
        let name = signed_headers.join(";");
        let signer = Signer { signed_headers, ..Signer::default() };
        expect(&name, &relay.send(&request().signed_by(&signer)), status, code);
    }
}

#[test]
fn the_signed_path_has_the_prefix_that_a_proxy_takes_away() {
    let settings = [("auth.signed_path_prefix", "/outer"), ("server.base_path", "/aicc")];
    let relay = Relay::start_with("prefix", &settings);
    let inner = format!("/aicc{PATH}");
    let signed_as = |path: &str| Request::push(EMPTY_PUSH).target(path).signed();
    let request = signed_as(&format!("/outer{inner}"));
    expect("the outer path", &relay.send(&request.clone().target(&inner)), 200, "0");
    expect("the inner path", &relay.send(&signed_as(&inner)), 401, "4011");
    expect("sent as signed", &relay.send(&request), 404, "4040");
    expect("without the base path", &relay.send(&request.target(PATH)), 404, "4040");
}

#[test]
fn an_empty_query_line_is_signed_only_where_that_is_set() {
    let always = Rules { always_sign_query_line: true, ..Rules::default() };
    let always = Signer { rules: always, ..Signer::default() };
    for (setting, with_line, without_line) in [("true", "0", "4011"), ("false", "4011", "0")] {
        let relay = Relay::start_with("query-line", &[("auth.always_sign_query_line", setting)]);
        for (signer, result_code) in [(&always, with_line), (&Signer::default(), without_line)] {
            let status = if result_code == "0" { 200 } else { 401 };
            let name = format!("always_sign_query_line = {setting}, signed so: {result_code}");
            expect(&name, &relay.send(&Request::push(EMPTY_PUSH).signed_by(signer)), status, result_code);
            // With a query there is no difference.
            let request = Request::push(EMPTY_PUSH).target(&format!("{PATH}?a=1")).signed_by(signer);
            expect(&name, &relay.send(&request), 200, "0");
        }
    }
}
