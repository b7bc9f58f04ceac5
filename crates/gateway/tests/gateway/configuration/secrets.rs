//! Credentials: what is refused about them, and that no error and no `Debug` shows one.

use std::fs;

use tempfile::tempdir;

use super::{accepted, parse, parse_bare, refused};

const SECRET: &str = "s3cr3t-0f-4icc";

#[test]
fn no_secret_is_in_debug() {
    let dir = tempdir().expect("a folder");
    fs::write(dir.path().join("mounted"), format!("{SECRET}-mounted\n")).expect("a file");
    let file = format!(
        r#"
[auth]
access_keys_dir = "{0}"
[kafka.properties]
"sasl.password" = "{SECRET}"
"ssl.key.password" = "{SECRET}"
[[auth.access_keys]]
access_key = "a"
secret = "{SECRET}-inline"
[[auth.bearer_tokens]]
name = "b"
token = "{SECRET}-token"
"#,
        dir.path().display()
    );
    let config = parse_bare(&file, &[]).expect("a configuration");
    assert_eq!((config.auth.access_keys.len(), config.auth.bearer_tokens.len()), (2, 1));
    for debug in [format!("{config:?}"), format!("{config:#?}"), format!("{:?}", config.auth)] {
        assert!(!debug.contains(SECRET), "{debug}");
        assert!(debug.contains("mounted"), "the names of keys may be shown: {debug}");
    }
}

#[test]
fn no_secret_is_in_an_error() {
    let secret = format!("secret = \"{SECRET}\"");
    for file in [
        // Not TOML, on the line of the secret or near it.
        format!("[[auth.access_keys]]\naccess_key = \"a\"\nsecret = \"{SECRET}"),
        format!("[[auth.access_keys]]\naccess_key = \"a\"\nsecret = {SECRET}\n"),
        format!("[[auth.access_keys]]\naccess_key = \"a\"\n{secret} x\n"),
        format!("[[auth.access_keys]]\naccess_key = \"a\"\n{secret}\n{secret}\n"),
        format!("[[auth.access_keys]]\naccess_key = \"a\"\nsecret = \"\\{SECRET}\"\n"),
        format!("[[auth.access_keys]\naccess_key = \"a\"\n{secret}\n"),
        format!("secret = '{SECRET}\n"),
        format!("\"{SECRET}"),
        // TOML, but wrong.
        format!("[auth]\naccess_keys = \"{SECRET}\"\n"),
        format!("[auth]\naccess_keys = [\"{SECRET}\"]\n"),
        format!("[auth.access_keys]\n{secret}\n"),
        format!("[[auth.access_keys]]\naccess_key = 1\n{secret}\n"),
        format!("[[auth.access_keys]]\n{secret}\n"),
        format!("[[auth.access_keys]]\naccess_key = \"a/b\"\n{secret}\n"),
        format!("[[auth.access_keys]]\naccess_key = \"a\"\nsecret = [\"{SECRET}\"]\n"),
        format!("[[auth.access_keys]]\naccess_key = \"a\"\n{secret}\nsecret_file = \"x\"\n"),
        format!("[[auth.access_keys]]\naccess_key = \"a\"\nsecret_filee = \"{SECRET}\"\n"),
        format!("[[auth.bearer_tokens]]\nname = \"a\"\ntoken = \"{SECRET} with a space\"\n"),
        format!("[[auth.bearer_tokens]]\nname = \"a\"\ntoken = {{ {secret} }}\n"),
        format!("[server]\nlisten = \"{SECRET}\"\n"),
        format!("[limits]\nbody_bytes = \"{SECRET}\"\n"),
    ] {
        let error = parse_bare(&file, &[]).map(|_| ()).expect_err(&file).join("\n");
        assert!(!error.contains(SECRET), "{file}\nsays {error}");
    }
    for name in ["AICC_LIMITS__BODY_BYTES", "AICC_AUTH__ACCESS_KEYS", "AICC_SERVER__TLS", "AICC_AUTH__SECRET"]
    {
        let error = parse("", &[(name, SECRET)]).map(|_| ()).expect_err(name).join("\n");
        assert!(!error.contains(SECRET), "{name} says {error}");
    }
}

#[test]
fn a_syntax_error_names_its_line() {
    let error = parse_bare("[server]\n\nlisten = =\n", &[]).map(|_| ()).expect_err("no TOML").join("\n");
    assert!(error.contains("line 3"), "{error}");
}

#[test]
fn a_credential_has_a_name_and_one_secret() {
    let key = |rest: &str| format!("[[auth.access_keys]]\n{rest}");
    let token = |rest: &str| format!("[[auth.bearer_tokens]]\n{rest}");
    refused(&key("secret = \"x\"\n"), &[], "auth.access_keys[0].access_key", &["missing"]);
    refused(&key("access_key = \"a\"\n"), &[], "auth.access_keys[0].secret", &["secret_file"]);
    let both = key("access_key = \"a\"\nsecret = \"x\"\nsecret_file = \"y\"\n");
    refused(&both, &[], "auth.access_keys[0].secret", &["either"]);
    refused(&token("token = \"x\"\n"), &[], "auth.bearer_tokens[0].name", &["missing"]);
    refused(&token("name = \"a\"\n"), &[], "auth.bearer_tokens[0].token", &["token_file"]);
    let unreadable = key("access_key = \"a\"\nsecret_file = \"/no/such/file\"\n");
    refused(&unreadable, &[], "auth.access_keys[0].secret_file", &["/no/such/file", "cannot be read"]);
    for name in ["", "a/b", "a b", "ä"] {
        refused(&key(&format!("access_key = \"{name}\"\nsecret = \"x\"\n")), &[], "auth.access_keys", &[]);
    }
    refused(&key("access_key = \"a\"\nsecret = \"\"\n"), &[], "auth.access_keys", &[]);
    refused(&token("name = \"a\"\ntoken = \"\"\n"), &[], "auth.access_keys", &[]);
    // The same key twice is how its secret is rotated.
    let config = accepted(&key("access_key = \"aicc-web-01\"\nsecret = \"next\"\n"), &[]);
    assert_eq!(config.auth.access_keys.len(), 2);
}

#[test]
fn a_mounted_directory_has_to_hold_a_secret() {
    let empty = tempdir().expect("a folder");
    fs::write(empty.path().join(".hidden"), "x\n").expect("a file");
    fs::write(empty.path().join("blank"), "\n \n").expect("a file");
    let path = empty.path().display().to_string();
    for key in ["access_keys_dir", "bearer_tokens_dir"] {
        let variable = format!("AICC_AUTH__{}", key.to_uppercase());
        refused("", &[(&variable, &path)], &format!("auth.{key}"), &["holds no secret"]);
        refused("", &[(&variable, "/no/such/folder")], &format!("auth.{key}"), &["cannot be read"]);
    }
}
