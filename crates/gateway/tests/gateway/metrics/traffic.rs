//! Pushes of every kind, with much in them that must be seen nowhere.

use aicc_testkit::Kafka;

use crate::support::{ACCESS_KEY, Relay, Request, SECRET, Signer, code};

/// What belongs to customers, each easy to find.
pub(super) const CUSTOMERS: [&str; 7] = [
    "user-4471-zebra",
    "sender-8812-zebra",
    "nickname-zebra",
    "content-zebra",
    "question-zebra",
    "call-zebra",
    "channel-zebra",
];

pub(super) const TOKEN: &str = "token-that-nobody-may-see-zebra";
/// What anybody can write into a request.
pub(super) const SENT_BY_STRANGERS: [&str; 4] =
    ["wrong-token-zebra", "wrong-secret-zebra", "unknown-key-zebra", "path-zebra"];

fn message(channel: &str, code: &str) -> String {
    let [user, sender, nickname, content, question, call, _] = CUSTOMERS;
    format!(
        r#"{{"from":"{sender}","channel":"{channel}","to":"{user}","controlType":"CHAT","mediaType":"TEXT","content":"{content}","senderNickname":"{nickname}","simQuestions":"{question}","callId":"{call}","sourceType":"AGENT","timestamp":1,"messageCode":"{code}"}}"#
    )
}

fn push(messages: &[String]) -> String {
    format!(r#"{{"timestamp":1,"messages":[{}]}}"#, messages.join(","))
}

/// A gateway, and pushes of every kind: acknowledged, repeated, half invalid, refused for every part of them.
pub(super) fn after_traffic(level: &str) -> Relay<'static> {
    let token = format!("[[auth.bearer_tokens]]\nname = \"test\"\ntoken = \"{TOKEN}\"\n");
    let relay = Relay::on(Kafka::shared(), "metrics", &[("log.level", level)], &token);
    let valid = push(&[message("WEB", "code-1"), message("channel-zebra", "code-2")]);
    let invalid = message("WEB", "").replace(r#""sourceType":"AGENT","#, "");
    let by = |access_key: &str, secret: &str| Signer {
        access_key: access_key.to_owned(),
        secret: secret.to_owned(),
        ..Signer::default()
    };
    let unsigned = || Request::push(valid.as_str());
    for (request, expected) in [
        (unsigned().signed(), "0"),
        (unsigned().signed(), "0"),
        (Request::push(push(&[message("WHATSAPP", "code-3"), invalid])).signed(), "0"),
        (
            Request::push(push(&[message("WEB", "code-4")]))
                .with("Authorization", &format!("Bearer {TOKEN}")),
            "0",
        ),
        (unsigned().with("Authorization", "Bearer wrong-token-zebra"), "4011"),
        (unsigned().signed_by(&by(ACCESS_KEY, "wrong-secret-zebra")), "4011"),
        (unsigned().signed_by(&by("unknown-key-zebra", SECRET)), "4011"),
        (unsigned(), "4010"),
        (unsigned().target("/path-zebra"), "4040"),
        (Request::push(&valid[..valid.len() - 1]).signed(), "4000"),
        (Request::push(valid.replace("\"messages\"", "\"content-zebra\"")).signed(), "4001"),
        (unsigned().replace("Content-Type", "text/zebra").signed(), "4150"),
    ] {
        assert_eq!(code(&relay.send(&request)), expected, "{}", request.head());
    }
    assert_eq!(relay.records(5).len(), 5);
    relay
}
