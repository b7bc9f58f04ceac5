//! Where settings come from: the compiled-in defaults, under a TOML file, under environment variables.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;

use config::{ConfigError, File, FileFormat, Map, Source, Value, ValueKind};

use super::Problem;

/// The defaults, commented; what `docs/configuration.md` is checked against.
pub const DEFAULTS: &str = include_str!("../../config.default.toml");

/// The sections whose keys environment variables may set. No other `AICC_…` variable is looked at: Kubernetes injects
/// `AICC_GATEWAY_PORT=tcp://…` for a Service of that name, which must not stop the process.
const SECTIONS: [&str; 8] = ["server", "admin", "auth", "kafka", "topics", "limits", "dedup", "log"];

/// Merges the layers into one table, from weakest to strongest.
pub(super) fn merge(
    file: Option<TomlFile>,
    environment: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Map<String, Value>, Vec<Problem>> {
    let environment = Environment::read(environment)?;
    let mut layers = config::Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
    if let Some(file) = file {
        layers = layers.add_source(file);
    }
    layers
        .add_source(environment)
        .build()
        .and_then(|merged| merged.collect())
        .map_err(|error| vec![Problem::new("configuration", error.to_string())])
}

/// A configuration file. Not [`config::File`], whose errors quote the offending line, which may hold a secret.
#[derive(Clone)]
pub(super) struct TomlFile(Map<String, Value>);

impl TomlFile {
    pub(super) fn read(path: &Path) -> Result<Self, Problem> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Problem::new(path.display(), format!("cannot be read: {error}")))?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Parses a file's text; `origin` is what problems call it.
    pub(super) fn parse(text: &str, origin: &str) -> Result<Self, Problem> {
        let source = File::from_str(text, FileFormat::Toml);
        let mut table = source.collect().map_err(|error| Problem::new(origin, syntax_error(text, &error)))?;
        for value in table.values_mut() {
            mark_origin(value, origin);
        }
        Ok(Self(table))
    }
}

impl std::fmt::Debug for TomlFile {
    /// Without the values, among which are secrets.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

impl Source for TomlFile {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.clone())
    }
}

/// Gives every value below (and including) `value` its origin, so that a problem can say where to look.
fn mark_origin(value: &mut Value, origin: &str) {
    let kind = match std::mem::take(&mut value.kind) {
        ValueKind::Table(mut table) => {
            table.values_mut().for_each(|inner| mark_origin(inner, origin));
            ValueKind::Table(table)
        }
        ValueKind::Array(mut array) => {
            array.iter_mut().for_each(|inner| mark_origin(inner, origin));
            ValueKind::Array(array)
        }
        scalar => scalar,
    };
    *value = Value::new(Some(&origin.to_owned()), kind);
}

/// Says where and what, without the text of the line.
fn syntax_error(text: &str, error: &ConfigError) -> String {
    let ConfigError::FileParse { cause, .. } = error else { return "is not TOML".into() };
    let Some(cause) = cause.downcast_ref::<toml::de::Error>() else { return "is not TOML".into() };
    let before = &text.as_bytes()[..cause.span().map_or(0, |span| span.start.min(text.len()))];
    let line = before.split(|&byte| byte == b'\n').count();
    format!("line {line} is not TOML: {}", cause.message().lines().next().unwrap_or_default())
}

/// `AICC_{SECTION}__{KEY}`, with a further `__` for a table inside a section.
#[derive(Clone)]
struct Environment(Map<String, Value>);

impl std::fmt::Debug for Environment {
    /// Without the values, among which are secrets.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

impl Environment {
    fn read(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<Self, Vec<Problem>> {
        let mut table = HashMap::new();
        let mut problems = Vec::new();
        for (name, value) in variables {
            let Some(name) = name.to_str() else { continue };
            let Some(path) = key_path(name) else { continue };
            match value.into_string() {
                Ok(value) => insert(&mut table, &path, Value::new(Some(&name.to_owned()), value)),
                Err(_) => problems.push(Problem::new(name, "is not UTF-8")),
            }
        }
        if problems.is_empty() { Ok(Self(table)) } else { Err(problems) }
    }
}

impl Source for Environment {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        Ok(self.0.clone())
    }
}

/// The path of the key that a variable sets, or nothing if the variable is none of ours.
fn key_path(name: &str) -> Option<Vec<String>> {
    let (section, rest) = name.strip_prefix("AICC_")?.split_once("__")?;
    let section = section.to_ascii_lowercase();
    if !SECTIONS.contains(&section.as_str()) {
        return None;
    }
    let Some((table, key)) = rest.split_once("__") else {
        return Some(vec![section, rest.to_ascii_lowercase()]);
    };
    let table = table.to_ascii_lowercase();
    let key = match (section.as_str(), table.as_str()) {
        // Channels are compared exactly, so they keep their case.
        ("topics", "channels") => key.to_owned(),
        // No librdkafka property has an underscore, and few shells allow a dot in a variable's name.
        ("kafka", "properties") => key.to_ascii_lowercase().replace('_', "."),
        _ => key.to_ascii_lowercase(),
    };
    Some(vec![section, table, key])
}

fn insert(table: &mut Map<String, Value>, path: &[String], value: Value) {
    match path {
        [] => {}
        [key] => {
            table.insert(key.clone(), value);
        }
        [key, rest @ ..] => {
            let inner =
                table.entry(key.clone()).or_insert_with(|| Value::new(None, Map::<String, Value>::new()));
            if !matches!(inner.kind, ValueKind::Table(_)) {
                inner.kind = ValueKind::Table(Map::new());
            }
            if let ValueKind::Table(inner) = &mut inner.kind {
                insert(inner, rest, value);
            }
        }
    }
}
