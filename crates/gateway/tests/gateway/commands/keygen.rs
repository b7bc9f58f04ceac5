//! `keygen`: credentials that the other commands and the sender take.

use std::collections::HashSet;

use aicc_gateway::config::{Config, Credential};
use aicc_testkit::GatewayProcess;

use super::program::run;
use crate::support::{Request, SUCCESS, Signer, send};

/// What `keygen` prints, and the access key in it.
fn keygen(arguments: &[&str]) -> (String, Credential) {
    let output = run(&[&["keygen"], arguments].concat());
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{output:?}");
    let config = Config::parse(&output.stdout, []).expect("a configuration with all that is needed");
    (output.stdout, config.auth.access_keys.into_iter().next().expect("an access key"))
}

#[test]
fn secrets_are_43_letters_and_digits_and_never_the_same() {
    let mut seen = HashSet::new();
    for _ in 0..10 {
        let (printed, Credential { name, secret }) = keygen(&[]);
        let secret = secret.expose();
        assert!(printed.contains(&format!("secret = \"{secret}\"")), "{printed}");
        assert_eq!(secret.len(), 43);
        assert!(secret.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{secret}");
        assert!(seen.insert(secret.to_owned()), "{secret} came twice");
        assert!(seen.insert(name.clone()), "{name} came twice");
    }
}

#[test]
fn serve_takes_what_keygen_prints() {
    let (first, key) = keygen(&[]);
    let (second, named) = keygen(&["--access-key", "aicc-whatsapp_01.b"]);
    assert_eq!(named.name, "aicc-whatsapp_01.b");
    // Kafka is not needed: nothing is published.
    let gateway = GatewayProcess::builder(env!("CARGO_BIN_EXE_aicc-gateway"))
        .config(format!("{first}{second}"))
        .env("AICC_KAFKA__BOOTSTRAP_SERVERS", "127.0.0.1:1")
        .start();
    for Credential { name, secret } in [key, named] {
        let signer = Signer { access_key: name, secret: secret.expose().to_owned(), ..Signer::default() };
        let push = Request::push(r#"{"timestamp":1,"messages":[]}"#).signed_by(&signer);
        assert_eq!(send(gateway.server(), &push).body, SUCCESS.as_bytes());
    }
}

#[test]
fn a_name_that_no_signature_could_carry_is_refused() {
    for name in ["", "a/b", "a b", "ключ"] {
        let output = run(&["keygen", "--access-key", name]);
        assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{name:?}");
        assert!(output.stderr.contains("name"), "{name:?}: {}", output.stderr);
    }
}
