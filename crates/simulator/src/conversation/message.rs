//! Writes one message as the sender's JSON, straight into the push's body.
//!
//! Written by hand and not through a type of `aicc-schema`: what the sender may choose (a field that is null or
//! absent, the forms of a read report) is a choice here, and a load generator should not allocate for each field.

use std::io::Write as _;

/// What a message says, as a conversation decided it.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) control_type: &'static str,
    pub(crate) source_type: &'static str,
    pub(crate) media_type: Option<&'static str>,
    pub(crate) content: Content,
    pub(crate) nickname: Option<&'static str>,
    pub(crate) sim_questions: Option<&'static str>,
    pub(crate) is_offline_status: Option<bool>,
}

/// The content field in the forms that occur.
#[derive(Debug)]
pub(crate) enum Content {
    /// `null`.
    None,
    /// A string.
    Text(String),
    /// An array of strings, as one form of a read report has it.
    List(Vec<String>),
}

/// Whom a message concerns, and when.
#[derive(Debug)]
pub(crate) struct Envelope<'a> {
    pub(crate) from: &'a str,
    pub(crate) channel: &'a str,
    pub(crate) to: &'a str,
    /// Milliseconds since 1970.
    pub(crate) timestamp: i64,
    pub(crate) code: Code,
    /// Whether optional fields without a value are written as `null` or left out.
    pub(crate) explicit_nulls: bool,
}

/// The `messageCode` of a message.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Code {
    Unique(u128),
    /// An empty string, which counts as absent.
    Empty,
    Absent,
}

/// Appends the message to `out`.
pub(crate) fn write(out: &mut Vec<u8>, envelope: &Envelope<'_>, line: &Line) {
    let nulls = envelope.explicit_nulls;
    out.extend_from_slice(b"{\"from\":");
    string(out, envelope.from);
    field(out, "channel", Some(envelope.channel), nulls);
    field(out, "to", Some(envelope.to), nulls);
    field(out, "controlType", Some(line.control_type), nulls);
    field(out, "mediaType", line.media_type, nulls);
    match &line.content {
        Content::None => field(out, "content", None, nulls),
        Content::Text(text) => field(out, "content", Some(text), nulls),
        Content::List(ids) => {
            name(out, "content");
            out.push(b'[');
            for (index, id) in ids.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                string(out, id);
            }
            out.push(b']');
        }
    }
    field(out, "simQuestions", line.sim_questions, nulls);
    field(out, "senderNickname", line.nickname, nulls);
    if let Some(offline) = line.is_offline_status {
        name(out, "isOfflineStatus");
        out.extend_from_slice(if offline { b"true" } else { b"false" });
    }
    name(out, "timestamp");
    print(out, format_args!("{}", envelope.timestamp));
    field(out, "sourceType", Some(line.source_type), nulls);
    match envelope.code {
        Code::Unique(code) => {
            name(out, "messageCode");
            print(out, format_args!("\"{code:032x}\""));
        }
        Code::Empty => field(out, "messageCode", Some(""), nulls),
        Code::Absent => field(out, "messageCode", None, nulls),
    }
    out.push(b'}');
}

fn field(out: &mut Vec<u8>, field_name: &str, value: Option<&str>, nulls: bool) {
    match value {
        Some(value) => {
            name(out, field_name);
            string(out, value);
        }
        None if nulls => {
            name(out, field_name);
            out.extend_from_slice(b"null");
        }
        None => {}
    }
}

fn name(out: &mut Vec<u8>, field_name: &str) {
    print(out, format_args!(",\"{field_name}\":"));
}

fn string(out: &mut Vec<u8>, text: &str) {
    // Neither a string nor a Vec can fail to be written.
    let _ = serde_json::to_writer(out, text);
}

fn print(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}
