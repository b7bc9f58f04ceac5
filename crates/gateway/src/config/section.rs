//! Reads one section of the merged settings, noting every problem instead of stopping at the first.

use std::cell::RefCell;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use config::{Map, Value, ValueKind};

/// What is wrong with one key (or file), and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    key: String,
    text: String,
}

impl Problem {
    pub(crate) fn new(key: impl fmt::Display, text: impl Into<String>) -> Self {
        Self { key: key.to_string(), text: text.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.key, self.text)
    }
}

/// Every problem found so far, shared by the sections.
#[derive(Debug, Default)]
pub(super) struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    pub(super) fn note(&self, key: impl fmt::Display, text: impl Into<String>) {
        self.0.borrow_mut().push(Problem::new(key, text));
    }

    /// Whether something is wrong with a key, or with the section (`auth.`) that it stands for.
    pub(super) fn concern(&self, key: &str) -> bool {
        let problems = self.0.borrow();
        problems
            .iter()
            .any(|problem| problem.key == key || key.ends_with('.') && problem.key.starts_with(key))
    }

    pub(super) fn into_result<T>(self, value: T) -> Result<T, Vec<Problem>> {
        let mut problems = self.0.into_inner();
        problems.sort_by(|a, b| a.key.cmp(&b.key));
        if problems.is_empty() { Ok(value) } else { Err(problems) }
    }
}

/// A table whose keys are taken one by one; what is left in the end is unknown.
pub(super) struct Section<'a> {
    path: String,
    table: Map<String, Value>,
    taken: Vec<&'static str>,
    problems: &'a Problems,
}

impl<'a> Section<'a> {
    pub(super) fn root(table: Map<String, Value>, problems: &'a Problems) -> Self {
        Self { path: String::new(), table, taken: Vec::new(), problems }
    }

    /// The table below `key`; an empty one where there is none.
    pub(super) fn section(&mut self, key: &'static str) -> Section<'a> {
        let path = self.path_of(key);
        let table = match self.take(key).map(|value| value.kind) {
            None => Map::new(),
            Some(ValueKind::Table(table)) => table,
            Some(_) => {
                self.problems.note(&path, "must be a table");
                Map::new()
            }
        };
        Section { path, table, taken: Vec::new(), problems: self.problems }
    }

    /// The tables of an array of tables, which only a file can hold.
    pub(super) fn tables(&mut self, key: &'static str) -> Vec<Section<'a>> {
        let path = self.path_of(key);
        let items = match self.take(key).map(|value| value.kind) {
            None => Vec::new(),
            Some(ValueKind::Array(items)) => items,
            Some(_) => {
                self.problems.note(&path, format!("must be an array of tables ([[{path}]]), in the file"));
                Vec::new()
            }
        };
        items
            .into_iter()
            .enumerate()
            .filter_map(|(index, item)| {
                let path = format!("{path}[{index}]");
                let ValueKind::Table(table) = item.kind else {
                    self.problems.note(&path, "must be a table");
                    return None;
                };
                Some(Section { path, table, taken: Vec::new(), problems: self.problems })
            })
            .collect()
    }

    /// The value of `key`, if it is set; a value of another type is a problem.
    pub(super) fn optional<T: Setting>(&mut self, key: &'static str) -> Option<T> {
        let value = self.take(key)?;
        let from = value.origin().map(|origin| format!(" (from {origin})")).unwrap_or_default();
        match T::read(value.kind) {
            Ok(value) => Some(value),
            Err(expected) => {
                self.problems.note(self.path_of(key), format!("must be {expected}{from}"));
                None
            }
        }
    }

    /// The value of a key that the compiled-in defaults set.
    pub(super) fn get<T: Setting + Default>(&mut self, key: &'static str) -> T {
        self.optional(key).unwrap_or_default()
    }

    /// Every key of a table whose keys are free, sorted.
    pub(super) fn entries(mut self) -> Vec<(String, String)> {
        let mut entries: Vec<_> = std::mem::take(&mut self.table).into_iter().collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries
            .into_iter()
            .filter_map(|(key, value)| match value.kind {
                ValueKind::Table(_) | ValueKind::Array(_) | ValueKind::Nil => {
                    self.problems.note(self.path_of(&quoted(&key)), "must be a string");
                    None
                }
                scalar => Some((key, Value::new(None, scalar).into_string().unwrap_or_default())),
            })
            .collect()
    }

    /// Refuses a key that is part of the interface but not built yet.
    pub(super) fn not_yet_supported(&mut self, key: &'static str) {
        if self.take(key).is_some() {
            self.problem(key, "is not yet supported by this version; remove it");
        }
    }

    pub(super) fn problem(&self, key: &str, text: impl Into<String>) {
        self.problems.note(self.path_of(key), text);
    }

    /// Whether nothing is wrong so far with any key of this section.
    pub(super) fn sound(&self) -> bool {
        !self.problems.concern(&format!("{}.", self.path))
    }

    /// Reports what nobody asked for as unknown, with the nearest key that there is.
    pub(super) fn finish(self) {
        for (key, value) in &self.table {
            let nearest = self
                .taken
                .iter()
                .map(|known| (strsim::damerau_levenshtein(known, key), known))
                .min()
                .filter(|(distance, known)| *distance <= known.len().max(key.len()) / 2)
                .map(|(_, known)| format!("; did you mean {}?", self.path_of(known)))
                .unwrap_or_default();
            let from = value.origin().map(|origin| format!(" (from {origin})")).unwrap_or_default();
            self.problems.note(self.path_of(&quoted(key)), format!("unknown key{nearest}{from}"));
        }
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.taken.push(key);
        self.table.remove(key).filter(|value| !matches!(value.kind, ValueKind::Nil))
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

/// A key as TOML writes it.
fn quoted(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if bare { key.to_owned() } else { format!("{key:?}") }
}

/// A type that a setting can have. The error says what was expected and never repeats the value, which may be a secret.
pub(super) trait Setting: Sized {
    fn read(value: ValueKind) -> Result<Self, &'static str>;
}

fn text(value: ValueKind, expected: &'static str) -> Result<String, &'static str> {
    match value {
        ValueKind::String(text) => Ok(text),
        _ => Err(expected),
    }
}

impl Setting for String {
    fn read(value: ValueKind) -> Result<Self, &'static str> {
        text(value, "a string")
    }
}

impl Setting for PathBuf {
    fn read(value: ValueKind) -> Result<Self, &'static str> {
        text(value, "a path").map(Self::from)
    }
}

impl Setting for SocketAddr {
    fn read(value: ValueKind) -> Result<Self, &'static str> {
        const EXPECTED: &str = "an IP address and a port, like \"0.0.0.0:8080\" or \"[::]:8080\"";
        text(value, EXPECTED)?.parse().map_err(|_| EXPECTED)
    }
}

impl Setting for Duration {
    fn read(value: ValueKind) -> Result<Self, &'static str> {
        const EXPECTED: &str =
            "a duration with its unit, like \"250ms\", \"5m\" or \"24h\", of at most 1000 years";
        let duration = humantime::parse_duration(&text(value, EXPECTED)?).map_err(|_| EXPECTED)?;
        // Longer ones overflow sums and clocks.
        if duration <= Duration::from_hours(24 * 365 * 1000) { Ok(duration) } else { Err(EXPECTED) }
    }
}

impl Setting for bool {
    fn read(value: ValueKind) -> Result<Self, &'static str> {
        match value {
            ValueKind::Boolean(value) => Ok(value),
            ValueKind::String(text) => text.parse().map_err(|_| "true or false"),
            _ => Err("true or false"),
        }
    }
}

impl Setting for usize {
    fn read(value: ValueKind) -> Result<Self, &'static str> {
        const EXPECTED: &str = "a whole number from 0";
        match value {
            ValueKind::I64(number) => Self::try_from(number).map_err(|_| EXPECTED),
            ValueKind::String(digits) => digits.parse().map_err(|_| EXPECTED),
            _ => Err(EXPECTED),
        }
    }
}

impl Setting for Vec<String> {
    fn read(value: ValueKind) -> Result<Self, &'static str> {
        const EXPECTED: &str = "an array of strings (in an environment variable: separated by commas)";
        match value {
            ValueKind::Array(items) => items.into_iter().map(|item| text(item.kind, EXPECTED)).collect(),
            ValueKind::String(list) => Ok(list
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(str::to_owned)
                .collect()),
            _ => Err(EXPECTED),
        }
    }
}
