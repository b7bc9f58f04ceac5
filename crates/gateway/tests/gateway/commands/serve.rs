//! `serve` with a configuration that it cannot take.

use aicc_testkit::GatewayProcess;

use super::program::run;

#[test]
fn every_problem_of_the_configuration_is_printed_at_once() {
    const SECRET: &str = "secretThatMustNotBePrinted";
    let gateway = GatewayProcess::builder(env!("CARGO_BIN_EXE_aicc-gateway"))
        .config(format!(
            r#"
[server]
request_timeout = "soon"
base_pth = "/aicc"
[kafka.properties]
acks = "0"
"sasl.passwrd" = "{SECRET}"
[topics]
default = "no topic's name"
[dedup]
capacity = 0
[nonsense]
key = 1
[[auth.access_keys]]
access_key = "a/b"
secret = "{SECRET}"
"#
        ))
        .env("AICC_LIMITS__BODY_BYTES", "much")
        .spawn();

    let status = gateway.wait_exit(std::time::Duration::from_secs(30));

    assert_eq!(status.code(), Some(1));
    let log = gateway.log();
    for problem in [
        "server.request_timeout",
        "server.base_pth: unknown key; did you mean server.base_path?",
        "acks",
        "sasl.passwrd",
        "topics.default",
        "dedup.capacity",
        "nonsense: unknown key",
        "auth.access_keys",
        "limits.body_bytes",
    ] {
        assert!(log.lines().any(|line| line.trim_start().contains(problem)), "{problem} in {log}");
    }
    assert!(!log.contains(SECRET), "{log}");
}

#[test]
fn a_configuration_file_that_is_not_there_is_named() {
    let output = run(&["serve", "--config", "/nowhere/gateway.toml"]);
    assert_eq!((output.code, output.stdout.as_str()), (1, ""));
    assert!(output.stderr.contains("/nowhere/gateway.toml"), "{}", output.stderr);
}
