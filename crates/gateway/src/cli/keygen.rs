//! `aicc-gateway keygen`: a new access key and its secret.

use clap::Args;
use rand::distr::{Alphanumeric, SampleString};

/// The length that AICC's channel settings take.
const SECRET_LENGTH: usize = 43;

/// Make an access key and a 43-character secret, as TOML for the configuration file.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  aicc-gateway keygen >> config.toml

Type both into the push settings of the channel in AICC.")]
pub(super) struct Keygen {
    /// A name of your own for the access key.
    #[arg(long, value_name = "NAME")]
    access_key: Option<String>,
}

impl Keygen {
    pub(super) fn run(self) -> anyhow::Result<()> {
        let (access_key, secret) = generate();
        let access_key = self.access_key.unwrap_or(access_key);
        // The configuration's own rules for names.
        aicc_auth::KeySet::default().add_access_key(&access_key, &aicc_auth::Secret::new(secret.as_str()))?;
        println!("[[auth.access_keys]]\naccess_key = {access_key:?}\nsecret = \"{secret}\"");
        Ok(())
    }
}

/// An access key and a secret of letters and digits, from the system's generator.
pub(super) fn generate() -> (String, String) {
    let mut random = rand::rng();
    let suffix = Alphanumeric.sample_string(&mut random, 8).to_ascii_lowercase();
    (format!("aicc-{suffix}"), Alphanumeric.sample_string(&mut random, SECRET_LENGTH))
}
