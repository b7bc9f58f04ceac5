//! A secret text that cannot be printed by accident and is wiped when it is dropped.

use std::fmt;

use zeroize::Zeroizing;

/// The secret of an access key, or a bearer token.
///
/// It has neither `Display` nor a serialised form, and its `Debug` output is always `Secret(..)`. Its memory is wiped
/// on drop; a text that it was copied from is the caller's to wipe.
///
/// ```
/// let secret = aicc_auth::Secret::new("9ppL617SueruAcEcAo80L7H0JMhO6rzwSU4fsYymB6W");
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// assert_eq!(secret.expose().len(), 43);
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes over a secret text. An owned `String` is not copied.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The secret itself. Named so that each use can be found.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
