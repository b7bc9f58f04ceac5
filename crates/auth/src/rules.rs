//! The settings of signing and verifying that sender and receiver must agree on.

use crate::{Refusal, SignedHeaders};

/// How requests are signed for a receiver, beyond what the scheme fixes. The default fits AICC without a proxy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Sign an empty line for the query where a request has none, as some signers do.
    pub always_sign_query_line: bool,
    /// Headers that must be among the signed ones, for example `host`. Case does not matter.
    pub required_signed_headers: Vec<String>,
    /// The start of the path that the sender signed but a proxy took away, for example `/aicc`. It is put before
    /// [`Request::path`](crate::Request::path) as it stands.
    pub signed_path_prefix: String,
}

impl Rules {
    /// Refuses a list that lacks a required header.
    pub(crate) fn check_signed_headers(&self, signed: SignedHeaders<'_>) -> Result<(), Refusal> {
        if self.required_signed_headers.iter().all(|name| signed.contains(name)) {
            Ok(())
        } else {
            Err(Refusal::RequiredHeaderNotSigned)
        }
    }
}
