//! `aicc-gateway sign`: the Authorization header for a body, or the whole curl.

use std::io::Read;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::http::Uri;
use aicc_auth::{Request, Rules, Secret, format_timestamp};
use anyhow::{Context, bail};
use clap::Args;

use crate::http::PATH;

/// Sign a body as AICC does: print the Authorization header's value, or a curl that sends it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  aicc-gateway sign --access-key aicc-web-01 --secret-file web-secret push.json
  AICC_SECRET=… aicc-gateway sign --access-key aicc-web-01 --curl push.json | sh
  aicc-gateway sign --access-key K --secret-file S --header 'X-Tenant: 1' --url http://relay/aicc/webhooks/v1/messages - < push.json

A signature is good for auth.max_clock_skew (5 minutes by default).")]
pub(super) struct Sign {
    /// The access key.
    #[arg(long, value_name = "KEY")]
    access_key: String,
    /// A file with its secret; the environment variable `AICC_SECRET` if absent.
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// Where the push goes: path, query and host are signed.
    #[arg(long, value_name = "URL", default_value_t = format!("http://localhost:8080{PATH}"))]
    url: String,
    /// Further headers to send and sign, like 'X-Tenant: 1'; content-type and host always are.
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// The signature's time, in one of the scheme's forms.
    #[arg(long, value_name = "TIMESTAMP", default_value_t = now())]
    timestamp: String,
    /// Print a curl command instead of the header's value.
    #[arg(long)]
    curl: bool,
    /// The body: a file, or - for standard input.
    #[arg(value_name = "BODY")]
    body: PathBuf,
}

impl Sign {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let secret = match &self.secret_file {
            Some(path) => std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?,
            None => std::env::var("AICC_SECRET").context("give --secret-file or set AICC_SECRET")?,
        };
        let mut body = Vec::new();
        if self.body.as_os_str() == "-" {
            std::io::stdin().read_to_end(&mut body).context("standard input")?;
        } else {
            body = std::fs::read(&self.body).with_context(|| format!("{}", self.body.display()))?;
        }
        let mut headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        for header in &self.header {
            let Some((name, value)) = header.split_once(':') else { bail!("--header takes 'NAME: VALUE'") };
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
        let secret = Secret::new(secret.trim_end_matches(['\r', '\n']));
        let authorization =
            authorization(&self.access_key, &secret, &self.url, &headers, &self.timestamp, &body)?;
        if self.curl {
            println!("{}", curl(&self.url, &authorization, &headers, &body)?);
        } else {
            println!("{authorization}");
        }
        Ok(())
    }
}

/// Signs a POST of `body` to `url` with `headers` and the host.
pub(super) fn authorization(
    access_key: &str,
    secret: &Secret,
    url: &str,
    headers: &[(String, String)],
    timestamp: &str,
    body: &[u8],
) -> anyhow::Result<String> {
    let uri: Uri = url.parse().with_context(|| format!("{url} is not a URL"))?;
    let host = uri.authority().with_context(|| format!("{url} has no host"))?.as_str();
    let mut headers = headers.to_vec();
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        headers.push(("Host".to_owned(), host.to_owned()));
    }
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    let request = Request { method: "POST", path: uri.path(), query: uri.query(), headers: &headers, body };
    Ok(aicc_auth::sign(access_key, secret, timestamp, &names, &request, &Rules::default())?)
}

/// A command for a POSIX shell that sends exactly the signed bytes.
pub(super) fn curl(
    url: &str,
    authorization: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> anyhow::Result<String> {
    let body = std::str::from_utf8(body).context("only a body in UTF-8 can be written as a command")?;
    let mut command =
        format!("curl -sS {} -H {}", quote(url), quote(&format!("Authorization: {authorization}")));
    for (name, value) in headers {
        command.push_str(" -H ");
        command.push_str(&quote(&format!("{name}: {value}")));
    }
    Ok(format!("{command} --data-binary {}", quote(body)))
}

/// A word of a POSIX shell.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The current time in the scheme's usual form.
pub(super) fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format_timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
