//! The parts of an HTTP request that a signature covers, as the HTTP server or client at hand holds them.

/// A request as it is on the wire.
///
/// `method` and `path` come from a parsed request line, so neither can hold a line feed; the canonical form relies
/// on that.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// The path as on the request line, not decoded, without [`signed_path_prefix`](crate::Rules::signed_path_prefix).
    pub path: &'a str,
    /// What follows the `?` of the request line, not decoded.
    pub query: Option<&'a str>,
    /// The header fields.
    pub headers: &'a dyn Headers,
    /// The whole body, as the bytes on the wire.
    pub body: &'a [u8],
}

/// Header fields that can be looked up by name.
///
/// Implemented for arrays, vectors and slices of `(name, value)` pairs. For the header map of an HTTP library,
/// implement it on a reference wrapper.
pub trait Headers {
    /// The field of this name. `name` is in lower case, and names compare without regard to case.
    fn get(&self, name: &str) -> HeaderValue<'_>;
}

/// What a request has under a header name.
#[derive(Clone, Copy)]
pub enum HeaderValue<'a> {
    /// No such field.
    Missing,
    /// One field, with its value.
    One(&'a [u8]),
    /// More than one field: which of them was signed cannot be known.
    Repeated,
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Headers for &[(N, V)] {
    fn get(&self, name: &str) -> HeaderValue<'_> {
        find(self, name)
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>, const LEN: usize> Headers for [(N, V); LEN] {
    fn get(&self, name: &str) -> HeaderValue<'_> {
        find(self, name)
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> Headers for Vec<(N, V)> {
    fn get(&self, name: &str) -> HeaderValue<'_> {
        find(self, name)
    }
}

fn find<'a, N: AsRef<str>, V: AsRef<[u8]>>(pairs: &'a [(N, V)], name: &str) -> HeaderValue<'a> {
    let mut values = pairs.iter().filter(|(own, _)| own.as_ref().eq_ignore_ascii_case(name));
    match (values.next(), values.next()) {
        (None, _) => HeaderValue::Missing,
        (Some((_, value)), None) => HeaderValue::One(value.as_ref()),
        (Some(_), Some(_)) => HeaderValue::Repeated,
    }
}
