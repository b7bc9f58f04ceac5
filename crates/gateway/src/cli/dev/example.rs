//! A push to try things with: the example of the vendor's interface description, as valid JSON.

/// The example in one line, so that it survives being pasted.
pub(super) const PUSH: &str = include_str!("example.json").trim_ascii_end();
