//! The list of signed headers in an auth-v2 header.

use crate::Refusal;

/// A well-formed list of signed headers: one lower-case header name or more, sorted, each once, joined by `;`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedHeaders<'a>(&'a str);

impl<'a> SignedHeaders<'a> {
    /// Checks a list.
    ///
    /// Refuses it as [`Refusal::SignedHeadersMalformed`] (empty, an empty name, upper case, or a character that no
    /// header name has) or [`Refusal::SignedHeadersUnsorted`] (also if a name is repeated).
    pub fn parse(list: &'a str) -> Result<Self, Refusal> {
        if !list.split(';').all(is_header_name) {
            return Err(Refusal::SignedHeadersMalformed);
        }
        if !list.split(';').is_sorted_by(|before, after| before < after) {
            return Err(Refusal::SignedHeadersUnsorted);
        }
        Ok(Self(list))
    }

    /// The list as it stands in the header.
    pub fn as_str(&self) -> &'a str {
        self.0
    }

    /// The names, in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.0.split(';')
    }

    /// Whether a header is signed. Case does not matter.
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|signed| signed.eq_ignore_ascii_case(name))
    }
}

/// Whether this is a field name of RFC 9110 (a token), without upper case.
fn is_header_name(name: &str) -> bool {
    let is_name_byte =
        |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9') || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_name_byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sorted_list_of_lower_case_names_is_taken() {
        for list in ["host", "content-type;host", "x-aicc;x-aicc-tenant", "!#$%&'*+-.^_`|~09az"] {
            let headers = SignedHeaders::parse(list).unwrap();
            assert_eq!(headers.as_str(), list);
            assert_eq!(headers.iter().collect::<Vec<_>>().join(";"), list);
        }
    }

    #[test]
    fn a_list_with_something_else_than_lower_case_header_names_is_refused() {
        for list in ["", ";", "host;", ";host", "a;;b", "Host", "a b", "host:", "a,b", "hôst", "a\tb"] {
            assert_eq!(SignedHeaders::parse(list), Err(Refusal::SignedHeadersMalformed), "{list:?}");
        }
    }

    #[test]
    fn an_unsorted_or_repeating_list_is_refused() {
        for list in ["host;content-type", "host;host", "a;b;b", "x-aicc-tenant;x-aicc"] {
            assert_eq!(SignedHeaders::parse(list), Err(Refusal::SignedHeadersUnsorted), "{list:?}");
        }
    }

    #[test]
    fn a_name_is_found_whole_and_in_any_case() {
        let headers = SignedHeaders::parse("host;x-aicc-tenant").unwrap();
        assert!(headers.contains("Host"));
        assert!(!headers.contains("x-aicc"));
        assert!(!headers.contains(""));
    }
}
