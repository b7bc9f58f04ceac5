//! The configuration as operators meet it: its defaults, its layers, and what is refused with which words.

mod defaults;
mod kafka;
mod layers;
mod limits;
mod problems;
mod secrets;

use std::ffi::OsString;

use aicc_gateway::config::Config;

/// The least that is accepted.
pub(crate) const KEY: &str = "[[auth.access_keys]]\naccess_key = \"aicc-web-01\"\nsecret = \"a-secret\"\n";

/// Reads a file's text (beside [`KEY`]) and environment variables.
pub(crate) fn parse(text: &str, environment: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    parse_bare(&format!("{text}\n{KEY}"), environment)
}

/// Reads a file's text and environment variables. Each problem is a text of its own.
pub(crate) fn parse_bare(text: &str, environment: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let environment = environment.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Config::parse(text, environment).map_err(|error| error.0.iter().map(ToString::to_string).collect())
}

/// That there is exactly one problem, of that key, and that its text has all those parts.
#[track_caller]
pub(crate) fn refused(text: &str, environment: &[(&str, &str)], key: &str, parts: &[&str]) {
    let problems = parse(text, environment).map(|_| ()).expect_err(&format!("{text:?} is to be refused"));
    let [problem] = problems.as_slice() else {
        panic!("{text:?} has other problems than one: {problems:#?}")
    };
    assert!(problem.starts_with(&format!("{key}: ")), "{text:?}: {problem:?} is not of {key}");
    for part in parts {
        assert!(problem.contains(part), "{text:?}: {part:?} is not in {problem:?}");
    }
}

/// That it is accepted.
#[track_caller]
pub(crate) fn accepted(text: &str, environment: &[(&str, &str)]) -> Config {
    parse(text, environment).unwrap_or_else(|problems| panic!("{text:?} is to be accepted: {problems:#?}"))
}
