//! The rules for the fields of a message, in the order in which they are looked at.

use std::borrow::Cow;

use crate::field::Field;
use crate::fields::{Fields, Value};
use crate::labels;
use crate::message::{InvalidMessage, Message, ValidMessage};
use crate::scanner::{Scanner, SyntaxError};
use crate::violation::{Rule, Violation};

/// Code points of a required string.
const NAME_CHARACTERS: usize = 256;
/// Code points of a `messageCode`.
const CODE_CHARACTERS: usize = 64;

const STRING: Rule = Rule::WrongType { expected: "a string" };
const STRING_OR_NULL: Rule = Rule::WrongType { expected: "a string or null" };
const STRINGS: Rule = Rule::WrongType { expected: "a string, an array of strings or null" };
const INTEGER: Rule = Rule::WrongType { expected: "an integer of 64 bits, without fraction or exponent" };
const BOOLEAN: Rule = Rule::WrongType { expected: "a boolean or null" };

/// Reads one element of `messages` and judges it. Only a text that is not JSON is an error.
pub(crate) fn read_message<'a>(scanner: &mut Scanner<'a>) -> Result<Message<'a>, SyntaxError> {
    let start = scanner.offset();
    let fields = Fields::read(scanner)?;
    let raw = scanner.since(start);
    Ok(match validate(raw, &fields) {
        Ok(message) => Message::Valid(message),
        Err(violation) => {
            let name = |field| fields.usable(field).filter(|text| fits(text, NAME_CHARACTERS));
            Message::Invalid(InvalidMessage {
                raw,
                to: fields.usable(Field::To),
                channel: name(Field::Channel),
                from: name(Field::From),
                violation,
            })
        }
    })
}

fn validate<'a>(raw: &'a str, fields: &Fields<'a>) -> Result<ValidMessage<'a>, Violation> {
    if let Some(violation) = fields.violation {
        return Err(violation);
    }
    let channel = required_name(fields, Field::Channel)?;
    let from = required_name(fields, Field::From)?;
    let to = required_name(fields, Field::To)?;
    let source_type = required_name(fields, Field::SourceType)?;
    let control_type = required_name(fields, Field::ControlType)?;
    let timestamp = required_integer(fields, Field::Timestamp)?;
    check_content(fields, &control_type)?;
    let media_type = match &*control_type {
        labels::CHAT => Some(required_text(fields, Field::MediaType)?),
        _ => optional_text(fields, Field::MediaType)?,
    };
    check_optional_string(fields, Field::SenderNickname)?;
    check_optional_string(fields, Field::SimQuestions)?;
    check_optional_string(fields, Field::CallId)?;
    let message_code = optional_text(fields, Field::MessageCode)?.filter(|code| !code.is_empty());
    if message_code.as_ref().is_some_and(|code| !fits(code, CODE_CHARACTERS)) {
        return broken(Field::MessageCode, Rule::TooLong { limit: CODE_CHARACTERS });
    }
    check_offline_status(fields)?;
    Ok(ValidMessage {
        raw,
        channel,
        from,
        to,
        source_type,
        control_type,
        media_type,
        message_code,
        timestamp,
    })
}

/// A string of 1 to 256 characters.
fn required_name<'a>(fields: &Fields<'a>, field: Field) -> Result<Cow<'a, str>, Violation> {
    let text = required_text(fields, field)?;
    if fits(&text, NAME_CHARACTERS) {
        Ok(text)
    } else {
        broken(field, Rule::TooLong { limit: NAME_CHARACTERS })
    }
}

/// A string of at least one character.
fn required_text<'a>(fields: &Fields<'a>, field: Field) -> Result<Cow<'a, str>, Violation> {
    match fields.get(field) {
        None | Some(Value::Null) => broken(field, Rule::Required),
        Some(Value::String(string)) => match string.decode() {
            None => broken(field, Rule::UnpairedSurrogate),
            Some(text) if text.is_empty() => broken(field, Rule::Empty),
            Some(text) => Ok(text),
        },
        Some(_) => broken(field, STRING),
    }
}

fn optional_text<'a>(fields: &Fields<'a>, field: Field) -> Result<Option<Cow<'a, str>>, Violation> {
    match fields.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(string)) => match string.decode() {
            None => broken(field, Rule::UnpairedSurrogate),
            text => Ok(text),
        },
        Some(_) => broken(field, STRING_OR_NULL),
    }
}

fn required_integer(fields: &Fields<'_>, field: Field) -> Result<i64, Violation> {
    match fields.get(field) {
        None | Some(Value::Null) => broken(field, Rule::Required),
        Some(Value::Number(number)) => number.as_i64().map_or_else(|| broken(field, INTEGER), Ok),
        Some(_) => broken(field, INTEGER),
    }
}

/// Its type depends on what the message does; its text is the consumer's business and is not decoded.
fn check_content(fields: &Fields<'_>, control_type: &str) -> Result<(), Violation> {
    match (fields.get(Field::Content), control_type) {
        (None | Some(Value::Null), labels::CHAT) => broken(Field::Content, Rule::Required),
        (None | Some(Value::Null | Value::String(_)), _) | (Some(Value::Strings), labels::READ) => Ok(()),
        (Some(_), labels::CHAT) => broken(Field::Content, STRING),
        (Some(_), labels::READ) => broken(Field::Content, STRINGS),
        (Some(_), _) => broken(Field::Content, STRING_OR_NULL),
    }
}

fn check_optional_string(fields: &Fields<'_>, field: Field) -> Result<(), Violation> {
    match fields.get(field) {
        None | Some(Value::Null | Value::String(_)) => Ok(()),
        Some(_) => broken(field, STRING_OR_NULL),
    }
}

fn check_offline_status(fields: &Fields<'_>) -> Result<(), Violation> {
    match fields.get(Field::IsOfflineStatus) {
        None | Some(Value::Null | Value::Bool) => Ok(()),
        Some(_) => broken(Field::IsOfflineStatus, BOOLEAN),
    }
}

fn broken<T>(field: Field, rule: Rule) -> Result<T, Violation> {
    Err(Violation { field: Some(field), rule })
}

/// Whether a text has at most so many code points; most are settled by their length in bytes.
fn fits(text: &str, limit: usize) -> bool {
    text.len() <= limit || text.chars().nth(limit).is_none()
}
