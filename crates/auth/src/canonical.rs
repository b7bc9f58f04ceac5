//! The canonical request: the bytes that a signature is made over.

use crate::{
    HeaderValue, Refusal, Request, Rules, SignedHeaders,
    encode::{encode, encode_decoded},
};

/// How much of a body is encoded at a time: enough to make the loop around it free, and little enough for the
/// encoded piece, up to three times as long, to stay in the first-level cache until it is hashed.
const BODY_PIECE: usize = 4096;

/// The canonical request in full, to show why a signature does not match.
///
/// ```text
/// METHOD \n
/// path \n
/// query \n                       only if there is a query, or Rules::always_sign_query_line
/// signedHeaders \n
/// header lines joined by \n  \n
/// body
/// ```
///
/// - The path is [`Rules::signed_path_prefix`] and [`Request::path`], as they stand.
/// - The query is `name=value` pairs, both sides decoded and encoded again, sorted, joined by `&`.
/// - A header line is `name:value`, name and trimmed value encoded. The lines are sorted as a whole, so that
///   `x-a-b:…` comes before `x-a:…`.
/// - The body is encoded.
/// - Encoded is percent-encoded over the bytes: all but `A-Z a-z 0-9 - . _ ~` becomes `%XX`, in upper case.
///
/// Refused as [`Refusal::SignedHeaderMissing`] or [`Refusal::SignedHeaderRepeated`] if the request does not have a
/// signed header exactly once.
///
/// It holds the request's content: show it to the operator who asked, but do not log it.
///
/// ```
/// use aicc_auth::{Request, Rules, SignedHeaders, canonical_request};
///
/// let headers = [("Host", "10.0.0.7:8443")];
/// let request = Request { method: "POST", path: "/push", query: Some("b&a=1"), headers: &headers, body: b"{}" };
/// assert_eq!(
///     canonical_request(&request, SignedHeaders::parse("host")?, &Rules::default())?,
///     b"POST\n/push\na=1&b=\nhost\nhost:10.0.0.7%3A8443\n%7B%7D",
/// );
/// # Ok::<(), aicc_auth::Refusal>(())
/// ```
pub fn canonical_request(
    request: &Request<'_>,
    signed_headers: SignedHeaders<'_>,
    rules: &Rules,
) -> Result<Vec<u8>, Refusal> {
    let mut canonical = Vec::new();
    write(request, signed_headers, rules, &mut Vec::new(), |piece| canonical.extend_from_slice(piece))?;
    Ok(canonical)
}

/// Gives the canonical request to `sink`, piece by piece. `scratch` is overwritten; its capacity is used again.
///
/// A refusal comes before the first piece.
pub(crate) fn write(
    request: &Request<'_>,
    signed_headers: SignedHeaders<'_>,
    rules: &Rules,
    scratch: &mut Vec<u8>,
    mut sink: impl FnMut(&[u8]),
) -> Result<(), Refusal> {
    scratch.clear();
    write_head(request, signed_headers, rules, scratch)?;
    sink(scratch);
    for piece in request.body.chunks(BODY_PIECE) {
        scratch.clear();
        encode(scratch, piece);
        sink(scratch);
    }
    Ok(())
}

/// Everything before the body.
fn write_head(
    request: &Request<'_>,
    signed_headers: SignedHeaders<'_>,
    rules: &Rules,
    out: &mut Vec<u8>,
) -> Result<(), Refusal> {
    out.extend_from_slice(request.method.as_bytes());
    out.push(b'\n');
    out.extend_from_slice(rules.signed_path_prefix.as_bytes());
    out.extend_from_slice(request.path.as_bytes());
    out.push(b'\n');
    let has_pairs = write_query(request.query.unwrap_or_default(), out);
    if has_pairs || rules.always_sign_query_line {
        out.push(b'\n');
    }
    out.extend_from_slice(signed_headers.as_str().as_bytes());
    out.push(b'\n');
    write_header_lines(request, signed_headers, out)?;
    out.push(b'\n');
    Ok(())
}

/// Appends the canonical query, and tells whether it has any pair.
fn write_query(query: &str, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        if out.len() > start {
            out.push(b'&');
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        encode_decoded(out, name);
        out.push(b'=');
        encode_decoded(out, value);
    }
    sort_pieces(out, start, b'&');
    out.len() > start
}

fn write_header_lines(
    request: &Request<'_>,
    signed_headers: SignedHeaders<'_>,
    out: &mut Vec<u8>,
) -> Result<(), Refusal> {
    let start = out.len();
    for name in signed_headers.iter() {
        let value = match request.headers.get(name) {
            HeaderValue::One(value) => value.trim_ascii(),
            HeaderValue::Missing => return Err(Refusal::SignedHeaderMissing),
            HeaderValue::Repeated => return Err(Refusal::SignedHeaderRepeated),
        };
        if out.len() > start {
            out.push(b'\n');
        }
        encode(out, name.as_bytes());
        out.push(b':');
        encode(out, value);
    }
    sort_pieces(out, start, b'\n');
    Ok(())
}

/// Sorts what stands between separators in `out[start..]`. Nothing is allocated if it is sorted, as it mostly is.
fn sort_pieces(out: &mut [u8], start: usize, separator: u8) {
    let joined = &mut out[start..];
    if joined.split(|&byte| byte == separator).is_sorted() {
        return;
    }
    let mut pieces: Vec<&[u8]> = joined.split(|&byte| byte == separator).collect();
    pieces.sort_unstable();
    let sorted = pieces.join(&separator);
    joined.copy_from_slice(&sorted);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(path: &str, query: Option<&str>, rules: &Rules) -> String {
        let headers = [("X-A", " \tvalue: 1 "), ("x-a-b", ""), ("Host", "relay.example.com")];
        let request = Request { method: "POST", path, query, headers: &headers, body: b"[ ]" };
        let signed = SignedHeaders::parse("host;x-a;x-a-b").unwrap();
        String::from_utf8(canonical_request(&request, signed, rules).unwrap()).unwrap()
    }

    fn query_line(query: &str) -> String {
        let text =
            canonical("/push", Some(query), &Rules { always_sign_query_line: true, ..Rules::default() });
        text.split('\n').nth(2).unwrap().to_owned()
    }

    const REST: &str = "host;x-a;x-a-b\nhost:relay.example.com\nx-a-b:\nx-a:value%3A%201\n%5B%20%5D";

    #[test]
    fn without_a_query_there_is_no_query_line() {
        for query in [None, Some(""), Some("&&")] {
            assert_eq!(canonical("/push", query, &Rules::default()), format!("POST\n/push\n{REST}"));
        }
    }

    #[test]
    fn an_empty_query_line_is_signed_where_the_rules_say_so() {
        let rules = Rules { always_sign_query_line: true, ..Rules::default() };
        assert_eq!(canonical("/push", None, &rules), format!("POST\n/push\n\n{REST}"));
    }

    #[test]
    fn the_path_stands_as_sent_behind_the_prefix() {
        let rules = Rules { signed_path_prefix: "/aicc".to_owned(), ..Rules::default() };
        assert_eq!(canonical("/%7euser/a%2fb", None, &rules), format!("POST\n/aicc/%7euser/a%2fb\n{REST}"));
    }

    #[test]
    fn query_pairs_are_normalised_and_sorted_as_a_whole() {
        assert_eq!(query_line("tenant=north%20china&debug=&a=%2F"), "a=%2F&debug=&tenant=north%20china");
        assert_eq!(query_line("&b&&a&"), "a=&b=");
        assert_eq!(query_line("a=b=c&a=+"), "a=%2B&a=b%3Dc");
        assert_eq!(query_line("a=2&a-b=1&a=10&a=2"), "a-b=1&a=10&a=2&a=2");
        assert_eq!(query_line("=v&="), "=&=v");
        assert_eq!(query_line("%26=%3D&100%"), "%26=%3D&100%25=");
    }

    #[test]
    fn a_body_longer_than_one_piece_is_encoded_without_a_seam() {
        let body: Vec<u8> = (0..=u8::MAX).cycle().take(3 * BODY_PIECE + 7).collect();
        let headers = [("host", "h")];
        let request = Request { method: "POST", path: "/", query: None, headers: &headers, body: &body };
        let text =
            canonical_request(&request, SignedHeaders::parse("host").unwrap(), &Rules::default()).unwrap();
        let mut expected = b"POST\n/\nhost\nhost:h\n".to_vec();
        encode(&mut expected, &body);
        assert!(text == expected);
    }
}
