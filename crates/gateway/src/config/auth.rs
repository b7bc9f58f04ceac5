//! `[auth]`: who may push. Secrets are read here, from the file, from files it names, and from mounted directories.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use aicc_auth::{KeySet, Rules, Secret};

use super::section::Section;

/// `[auth]`
#[derive(Clone, Debug)]
pub struct Auth {
    /// How far a signature's timestamp may be from the clock.
    pub max_clock_skew: Duration,
    /// What a signature has to look like.
    pub rules: Rules,
    /// Access keys with their secrets; the same access key may occur several times.
    pub access_keys: Vec<Credential>,
    /// Named bearer tokens.
    pub bearer_tokens: Vec<Credential>,
}

/// A name and what proves it.
#[derive(Clone, Debug)]
pub struct Credential {
    /// The access key, or the name of the token.
    pub name: String,
    /// The secret, or the token.
    pub secret: Secret,
}

impl Auth {
    pub(super) fn read(mut section: Section<'_>) -> Self {
        let mut auth = Self {
            max_clock_skew: section.get("max_clock_skew"),
            rules: Rules {
                always_sign_query_line: section.get("always_sign_query_line"),
                required_signed_headers: section.get("required_signed_headers"),
                signed_path_prefix: section.get("signed_path_prefix"),
            },
            access_keys: inline(&mut section, "access_keys", "access_key", "secret", "secret_file"),
            bearer_tokens: inline(&mut section, "bearer_tokens", "name", "token", "token_file"),
        };
        mounted(&mut section, "access_keys_dir", &mut auth.access_keys);
        mounted(&mut section, "bearer_tokens_dir", &mut auth.bearer_tokens);
        auth.check(&section);
        section.finish();
        auth
    }

    /// The set that pushes are verified against.
    pub fn key_set(&self) -> Result<KeySet, aicc_auth::KeySetError> {
        let mut keys = KeySet::default();
        for key in &self.access_keys {
            keys.add_access_key(&key.name, &key.secret)?;
        }
        for token in &self.bearer_tokens {
            keys.add_bearer_token(&token.name, &token.secret)?;
        }
        Ok(keys)
    }

    fn check(&self, section: &Section<'_>) {
        if !self.rules.signed_path_prefix.is_empty() && !self.rules.signed_path_prefix.starts_with('/') {
            section.problem("signed_path_prefix", "must be empty or start with a slash");
        }
        for header in &self.rules.required_signed_headers {
            if header.is_empty()
                || !header.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            {
                section.problem(
                    "required_signed_headers",
                    "must be header names in lower case, like [\"host\"]",
                );
            }
        }
        if !section.sound() {
            // What is missing then may be what could not be read.
            return;
        }
        if self.access_keys.is_empty() && self.bearer_tokens.is_empty() {
            section.problem(
                "access_keys",
                "no credential is configured, so no push could be accepted; make one with `aicc-gateway keygen` and \
                 add [[auth.access_keys]], auth.access_keys_dir, [[auth.bearer_tokens]] or auth.bearer_tokens_dir",
            );
        } else if let Err(error) = self.key_set() {
            section.problem("access_keys", error.to_string());
        }
    }
}

/// The credentials of an array of tables: each has a name, and its secret inline or in a file.
fn inline(
    section: &mut Section<'_>,
    key: &'static str,
    name: &'static str,
    secret: &'static str,
    secret_file: &'static str,
) -> Vec<Credential> {
    let mut credentials = Vec::new();
    for mut table in section.tables(key) {
        let named = table.optional::<String>(name);
        if named.is_none() {
            table.problem(name, "is missing");
        }
        let secret = match (table.optional::<String>(secret), table.optional::<PathBuf>(secret_file)) {
            (Some(secret), None) => Some(Secret::new(secret)),
            (None, Some(path)) => match fs::read_to_string(&path) {
                Ok(text) => Some(Secret::new(text.trim_end_matches(['\r', '\n']))),
                Err(error) => {
                    table.problem(secret_file, format!("{} cannot be read: {error}", path.display()));
                    None
                }
            },
            _ => {
                table.problem(secret, format!("give either {secret} or {secret_file}"));
                None
            }
        };
        table.finish();
        credentials.extend(named.zip(secret).map(|(name, secret)| Credential { name, secret }));
    }
    credentials
}

/// The credentials of a mounted Secret: a file each, a secret a line. Files that start with a dot are Kubernetes' own.
fn mounted(section: &mut Section<'_>, key: &'static str, credentials: &mut Vec<Credential>) {
    let Some(directory) = section.optional::<PathBuf>(key) else { return };
    match read_directory(&directory) {
        Ok(found) if found.is_empty() => {
            section.problem(key, format!("{} holds no secret", directory.display()))
        }
        Ok(found) => credentials.extend(found),
        Err(error) => section.problem(key, format!("{} cannot be read: {error}", directory.display())),
    }
}

fn read_directory(directory: &Path) -> std::io::Result<Vec<Credential>> {
    let mut credentials = Vec::new();
    for (name, text) in files(directory)? {
        let secrets = text.lines().map(str::trim).filter(|line| !line.is_empty());
        credentials
            .extend(secrets.map(|secret| Credential { name: name.clone(), secret: Secret::new(secret) }));
    }
    Ok(credentials)
}

/// The files of a mounted directory, by name, dot-files left out.
pub(super) fn files(directory: &Path) -> std::io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        // `is_file` follows the symbolic links that a mounted Secret is made of.
        if !name.starts_with('.') && path.is_file() {
            files.push((name.to_owned(), fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}
