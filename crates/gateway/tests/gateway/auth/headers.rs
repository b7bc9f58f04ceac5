//! Signed headers and queries as HTTP may write them.

use crate::support::{EMPTY_PUSH, PATH, Relay, Request, Signer, expect};

#[test]
fn case_order_and_surrounding_white_space_of_headers_do_not_matter() {
    let relay = Relay::start("written");
    let by = Signer { signed_headers: vec!["content-type", "host", "x-tenant"], ..Signer::default() };
    let signed = Request::push(EMPTY_PUSH).with("X-Tenant", "t 1/ü").signed_by(&by);
    expect("as signed", &relay.send(&signed), 200, "0");
    let mut reversed = signed.clone();
    reversed.headers.reverse();
    expect("in another order", &relay.send(&reversed), 200, "0");
    expect("in other case", &relay.send(&signed.clone().replace("X-TENANT", "t 1/ü")), 200, "0");
    expect("with white space", &relay.send(&signed.clone().replace("X-Tenant", " \t t 1/ü  ")), 200, "0");
    expect("with unsigned ones", &relay.send(&signed.with("X-Other", "1").with("X-Other", "2")), 200, "0");
    let empty = Request::push(EMPTY_PUSH).with("X-Tenant", "").signed_by(&by);
    expect("an empty value", &relay.send(&empty), 200, "0");
}

#[test]
fn a_signature_covers_the_query_whatever_its_order() {
    let relay = Relay::start("queries");
    let signed = |query: &str| Request::push(EMPTY_PUSH).target(&format!("{PATH}?{query}")).signed();
    for query in ["a=1", "b=2&a=1&a=0", "a", "a=", "=1", "a=%2F%20%E5%BC%A0", "a=b=c", "a=%zz", "&&a=1&"] {
        expect(query, &relay.send(&signed(query)), 200, "0");
    }
    let request = signed("b=2&a=1");
    expect("sorted", &relay.send(&request.clone().target(&format!("{PATH}?a=1&b=2"))), 200, "0");
    for target in
        [PATH.to_owned(), format!("{PATH}?b=2"), format!("{PATH}?a=2&b=1"), format!("{PATH}?a=1&b=2&c=")]
    {
        expect(&target, &relay.send(&request.clone().target(&target)), 401, "4011");
    }
}
