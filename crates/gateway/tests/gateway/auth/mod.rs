//! Who may push: signatures and tokens over real HTTP, every way to get them wrong, and the order of all checks.

mod headers;
mod order;
mod refusals;
mod secrets;
mod settings;
mod vectors;

use crate::support::{EMPTY_PUSH, Request};

/// A signed push without messages.
pub(crate) fn signed_push() -> Request {
    Request::push(EMPTY_PUSH).signed()
}

/// A push without messages under that Authorization header.
pub(crate) fn push_under(authorization: &str) -> Request {
    Request::push(EMPTY_PUSH).with("Authorization", authorization)
}
