//! A request that breaks several rules gets the answer of the first.

use aicc_testkit::http::{Connection, Response};

use crate::support::{EMPTY_PUSH, Relay, Request, Signer, expect, unix_ms};

const BODY_BYTES: usize = 2000;

/// A push that gets broken in several places.
struct Draft {
    request: Request,
    signer: Signer,
    second_authorization: bool,
    cut_short: bool,
}

impl Draft {
    fn new() -> Self {
        Self {
            request: Request::push(EMPTY_PUSH),
            signer: Signer::default(),
            second_authorization: false,
            cut_short: false,
        }
    }

    fn body(&mut self, change: impl FnOnce(String) -> String) {
        let body = String::from_utf8(std::mem::take(&mut self.request.body)).expect("text");
        self.request.body = change(body).into_bytes();
    }

    fn send(self, relay: &Relay) -> Response {
        let mut request = self.request.signed_by(&self.signer);
        if self.second_authorization {
            request = request.with("Authorization", "Bearer second");
        }
        let mut connection = Connection::open(relay.server()).expect("a connection");
        let bytes = request.to_bytes();
        let sent = if self.cut_short { bytes.len() - request.body.len() / 2 } else { bytes.len() };
        connection.send(&bytes[..sent]).expect("a request that is taken");
        if self.cut_short {
            connection.half_close().expect("half a connection");
        }
        connection.receive().expect("an answer")
    }
}

/// A status, a code, and how to deserve them.
type Check = (u16, &'static str, fn(&mut Draft));

/// In the order in which they are made.
const CHECKS: [Check; 11] = [
    (404, "4040", |draft| "/webhooks/v2/messages".clone_into(&mut draft.request.target)),
    (405, "4050", |draft| "PUT".clone_into(&mut draft.request.method)),
    (415, "4150", |draft| draft.request = draft.request.clone().replace("Content-Type", "text/plain")),
    (401, "4010", |draft| draft.second_authorization = true),
    (401, "4012", |draft| draft.signer.timestamp = (unix_ms() - 3_600_000).to_string()),
    (413, "4130", |draft| draft.body(|body| body + &" ".repeat(BODY_BYTES))),
    (408, "4080", |draft| draft.cut_short = true),
    (401, "4011", |draft| "wrong".clone_into(&mut draft.signer.secret)),
    (400, "4000", |draft| draft.body(|body| body + "!")),
    (400, "4001", |draft| draft.body(|body| body.replace(r#""timestamp":1"#, r#""timestamp":"1""#))),
    (413, "4132", |draft| draft.body(|body| body.replace("[]", "[1,2,3]"))),
];

#[test]
fn of_several_broken_rules_the_first_is_answered() {
    let settings = [("limits.body_bytes", "2000"), ("limits.batch_messages", "2")];
    let relay = Relay::start_with("order", &settings);
    expect("none", &Draft::new().send(&relay), 200, "0");
    for (place, (status, code, first)) in CHECKS.iter().enumerate() {
        let later = &CHECKS[place + 1..];
        let each_later = later.iter().map(|one| std::slice::from_ref(one));
        for others in std::iter::once(&later[..0]).chain(each_later).chain([later]) {
            let mut draft = Draft::new();
            first(&mut draft);
            others.iter().for_each(|(_, _, spoil)| spoil(&mut draft));
            let also: Vec<_> = others.iter().map(|(_, code, _)| code).collect();
            expect(&format!("{code} and {also:?}"), &draft.send(&relay), *status, code);
        }
    }
    assert!(relay.records(0).is_empty());
}
