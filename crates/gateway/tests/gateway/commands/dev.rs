//! `dev`: everything in one process, to be tried by pasting what it prints.

use std::process::Command;

use aicc_testkit::Kafka;
use tempfile::NamedTempFile;

use super::program::{Running, gateway, paste};
use crate::kafka_admin::{delete_topics, unique};
use crate::support::SUCCESS;

/// The vendor's example has as many messages.
const EXAMPLE: usize = 6;

fn dev() -> Command {
    gateway(["dev", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"])
}

/// The first line of the banner that begins so, without that.
fn banner_line<'a>(banner: &'a str, begin: &str) -> &'a str {
    let line = banner.lines().find_map(|line| line.strip_prefix(begin));
    line.unwrap_or_else(|| panic!("no line begins with {begin:?} in:\n{banner}")).trim()
}

fn started(dev: &Running) -> String {
    dev.wait_for("it is ready", |said| said.contains("Ctrl-C"))
}

/// The lines that announce a record.
fn shown<'a>(said: &'a str, topic: &str) -> Vec<&'a str> {
    let begin = format!("{topic} partition ");
    said.lines().filter(|line| line.starts_with(&begin)).collect()
}

#[track_caller]
fn paste_curl(banner: &str) {
    let curl = format!("curl {}", banner_line(banner, "curl "));
    let sent = paste(&curl);
    assert_eq!((sent.code, sent.stdout.as_str()), (0, SUCCESS), "{sent:?}");
}

#[test]
fn what_dev_prints_works_when_pasted_and_every_record_is_shown() {
    let mut dev = Running::start(dev());
    let banner = started(&dev);

    paste_curl(&banner);
    let said =
        dev.wait_for("six records are shown", |said| shown(said, "aicc.downlink.web").len() >= EXAMPLE);
    for (offset, line) in shown(&said, "aicc.downlink.web").iter().enumerate() {
        assert!(line.ends_with(&format!("offset {offset} key 44444444")), "{line}");
    }
    let contents =
        ["The call is connected", "Queuing...", r#""AGENT""#, r#""SYSTEM""#, "{TIPS}", "messageId1"];
    let mut rest = said[banner.len()..].split("aicc.downlink.web partition ").skip(1);
    for content in contents {
        let record = rest.next().unwrap();
        assert!(record.contains(content), "{content} in {record}");
    }

    let bootstrap = banner_line(&banner, "Kafka ").split(' ').next().unwrap();
    let records = Kafka::running_at(bootstrap).records(["aicc.downlink.web"]);
    assert_eq!(records.len(), EXAMPLE, "what a consumer reads");

    paste_curl(&banner);
    dev.wait_for("the repeat is said to be one", |said| said.contains("repeated=true"));
    sign_anew(&banner);
    let said = dev.wait_for("the push that was signed anew is shown", |said| {
        !shown(said, "aicc.downlink.whatsapp").is_empty()
    });
    assert_eq!(shown(&said, "aicc.downlink.web").len(), EXAMPLE, "the repeat shows no record:\n{said}");

    assert_eq!(dev.interrupt(), Some(0));
}

/// Pastes the line that signs any body, with a body of the channel WHATSAPP in the place of `push.json`.
fn sign_anew(banner: &str) {
    let push = NamedTempFile::new().unwrap();
    let body = r#"{"timestamp":1,"messages":[{"from":"1","channel":"WHATSAPP","to":"7","controlType":"CONNECT","sourceType":"AGENT","timestamp":1}]}"#;
    std::fs::write(push.path(), body).unwrap();
    let line = format!("AICC_SECRET={}", banner_line(banner, "AICC_SECRET="));
    let sent = paste(&line.replace("push.json", push.path().to_str().unwrap()));
    assert_eq!((sent.code, sent.stdout.as_str()), (0, SUCCESS), "{line}: {sent:?}");
}

#[test]
fn on_a_real_kafka_dev_creates_the_topics_and_shows_what_lands() {
    let kafka = Kafka::shared();
    let topics = ["web", "whatsapp", "other", "dead-letter"].map(unique);
    let [web, whatsapp, other, dead_letter] = &topics;
    let mut command = dev();
    command.args(["--bootstrap-servers", kafka.bootstrap_servers()]);
    command.env("AICC_TOPICS__CHANNELS__WEB", web).env("AICC_TOPICS__CHANNELS__WHATSAPP", whatsapp);
    command.env("AICC_TOPICS__DEFAULT", other).env("AICC_TOPICS__DEAD_LETTER", dead_letter);
    let mut dev = Running::start(command);
    let banner = started(&dev);

    assert_eq!(banner_line(&banner, "Kafka ").split(' ').next(), Some(kafka.bootstrap_servers()));
    paste_curl(&banner);
    dev.wait_for("six records are shown", |said| shown(said, web).len() == EXAMPLE);
    assert_eq!(kafka.records(&topics).len(), EXAMPLE);

    assert_eq!(dev.interrupt(), Some(0));
    delete_topics(kafka, &topics.each_ref().map(String::as_str));
}
