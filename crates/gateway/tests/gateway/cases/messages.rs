//! Messages written field by field, each value as JSON.

/// A valid message; every field may be changed.
const FIELDS: [(&str, &str); 8] = [
    ("from", r#""202105284494222653""#),
    ("channel", r#""WEB""#),
    ("to", r#""44444444""#),
    ("controlType", r#""CHAT""#),
    ("mediaType", r#""TEXT""#),
    ("content", r#""Hello""#),
    ("timestamp", "1625898453913"),
    ("sourceType", r#""AGENT""#),
];

/// Takes a field away in [`message`].
pub(crate) const ABSENT: &str = "";

/// A valid message with some fields changed, added, or taken away.
pub(crate) fn message(changes: &[(&str, &str)]) -> String {
    let known = FIELDS.iter().map(|(name, value)| {
        let change = changes.iter().find(|(changed, _)| changed == name);
        (*name, change.map_or(*value, |(_, value)| *value))
    });
    let new = changes.iter().filter(|(name, _)| FIELDS.iter().all(|(known, _)| known != name)).copied();
    let fields: Vec<_> = known
        .chain(new)
        .filter(|(_, value)| *value != ABSENT)
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", fields.join(","))
}

/// A JSON string of so many times the same text, which needs no escape.
pub(crate) fn string_of(text: &str, times: usize) -> String {
    format!("\"{}\"", text.repeat(times))
}
